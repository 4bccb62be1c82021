import { assertNever } from '../assert-never.ts';
import type { Endpoint } from '../backend/inference-backend.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { contentLeaves, type ContentLeaf } from './content-leaves.ts';
import { isAscii } from './is-ascii.ts';
import { strings } from './strings.ts';

export interface TokenEstimate {
  readonly inputTokens: number;
  /** At most: what the request allows the model to write, for all its answers together. */
  readonly outputTokens: number;
}

/** Estimates how many tokens a text has: cheap, linear and within some 25 % for prose; never for billing. */
export function estimateTokens(text: string): number {
  return Math.ceil(weigh(text));
}

/** Estimates what a request costs in tokens; whatever its shape, it answers and never throws. */
export function estimateRequestTokens(endpoint: Endpoint, body: JsonObject): TokenEstimate {
  switch (endpoint) {
    case '/v1/chat/completions':
      return {
        inputTokens: Math.ceil(weighMessages(body['messages']) + weighAll(body['tools'])),
        outputTokens: answerTokens(body),
      };
    case '/v1/completions':
      return {
        inputTokens: Math.ceil(weighPrompt(body['prompt'])),
        outputTokens: answerTokens(body) * promptCount(body['prompt']),
      };
    case '/v1/embeddings':
      return { inputTokens: Math.ceil(weighPrompt(body['input'])), outputTokens: 0 };
    case '/v1/responses':
      return {
        inputTokens: Math.ceil(
          weighContent(body['instructions']) + weighItems(body['input']) + weighAll(body['tools']),
        ),
        outputTokens: answerTokens(body),
      };
    case '/v1/messages':
      return {
        inputTokens: Math.ceil(
          weighContent(body['system']) + weighMessages(body['messages']) + weighAll(body['tools']),
        ),
        outputTokens: answerTokens(body),
      };
    default:
      return assertNever(endpoint);
  }
}

const DEFAULT_OUTPUT_TOKENS = 512;
const MAX_OUTPUT_TOKENS = 131_072;
const MAX_ANSWERS = 128;
const MESSAGE_TOKENS = 4;
/** What an image of a megapixel, half a minute of sound or a page of a PDF costs, roughly. */
const UNREAD_PART_TOKENS = 800;

function weighMessages(messages: unknown): number {
  if (!Array.isArray(messages)) return 0;
  let tokens = 0;
  for (const message of messages as readonly unknown[]) {
    tokens += MESSAGE_TOKENS;
    if (!isJsonObject(message)) continue;
    tokens += weighContent(message['content']) + weighAll(message['tool_calls']);
  }
  return tokens;
}

/** The input of a Response: a text, or items of which each is framed like a message. */
const weighItems = (input: unknown): number =>
  weighContent(input) + (Array.isArray(input) ? input.length * MESSAGE_TOKENS : 0);

function weighContent(content: unknown): number {
  let tokens = 0;
  for (const leaf of contentLeaves(content)) tokens += weighLeaf(leaf);
  return tokens;
}

function weighLeaf(leaf: ContentLeaf): number {
  switch (leaf.kind) {
    case 'text':
      return weigh(leaf.text);
    case 'data':
      return weighAll(leaf.data);
    case 'token':
      return 1;
    case 'unreadable':
      return UNREAD_PART_TOKENS;
  }
}

/** A prompt is a text, a list of texts, a list of token numbers, or a list of such lists. */
function weighPrompt(prompt: unknown): number {
  if (typeof prompt === 'string') return weigh(prompt);
  if (!Array.isArray(prompt)) return 0;
  let tokens = 0;
  for (const item of prompt as readonly unknown[]) {
    if (typeof item === 'number') tokens += 1;
    else if (typeof item === 'string') tokens += weigh(item);
    else if (Array.isArray(item)) tokens += item.length;
  }
  return tokens;
}

function weighAll(value: unknown): number {
  let tokens = 0;
  for (const text of strings(value)) tokens += weigh(text);
  return tokens;
}

function promptCount(prompt: unknown): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

function answerTokens(body: JsonObject): number {
  const limit =
    count(body['max_tokens']) ??
    count(body['max_completion_tokens']) ??
    count(body['max_output_tokens']) ??
    DEFAULT_OUTPUT_TOKENS;
  const answers = Math.min(Math.max(count(body['n']) ?? 1, 1), MAX_ANSWERS);
  return Math.min(limit, MAX_OUTPUT_TOKENS) * answers;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function weigh(text: string): number {
  if (isAscii(text)) return text.length / 4;
  let ascii = 0;
  let middling = 0;
  let dense = 0;
  let other = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) ascii += 1;
    else if (isMiddling(unit)) middling += 1;
    else if (isDense(unit)) dense += 1;
    // The second half of a surrogate pair belongs to a code point that was counted with its first half.
    else if (unit < 0xdc00 || unit > 0xdfff) other += 1;
  }
  return ascii / 4 + middling * 0.45 + dense * 0.9 + other * 0.5;
}

/** Greek, Cyrillic, Armenian, Hebrew, Arabic: about two letters to a token. */
const isMiddling = (unit: number): boolean => unit >= 0x370 && unit <= 0x77f;

/** Kana, bopomofo, CJK ideographs (those beyond the BMP by their lead surrogate), hangul: about one each. */
const isDense = (unit: number): boolean =>
  (unit >= 0x1100 && unit <= 0x11ff) ||
  (unit >= 0x2e80 && unit <= 0x9fff) ||
  (unit >= 0xac00 && unit <= 0xd7af) ||
  (unit >= 0xd840 && unit <= 0xd8bf) ||
  (unit >= 0xf900 && unit <= 0xfaff);
