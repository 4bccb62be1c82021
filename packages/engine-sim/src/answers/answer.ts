import type { JsonObject } from '@spillway/core';
import { digestRandom } from './digest.ts';
import type { Prompt } from './prompt.ts';
import { schemaInstance } from './schema-instance.ts';
import { spoilt } from './schema-mistakes.ts';

export type AnswerFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json-object' }
  | { readonly kind: 'json-schema'; readonly schema: JsonObject };

export interface Answer {
  /** One piece per token; joined they are the whole text. */
  readonly pieces: readonly string[];
  readonly finishReason: 'stop' | 'length';
}

export interface AnswerRequest {
  /** Says in the text who pretends, such as `[simulated]`. */
  readonly label: string;
  readonly prompt: Prompt;
  readonly format: AnswerFormat;
  readonly maxTokens: number;
  readonly seed: number;
  /** Answers a JSON Schema with something that does not fit it. */
  readonly mistaken?: boolean;
}

const SHORTEST_TOKENS = 30;
const LONGEST_TOKENS = 256;
const ECHO_WORDS = 8;
const FILLER =
  'this text stands in for what a model would have written and carries no meaning of its own beyond its length'.split(
    ' ',
  );

/** Writes the answer to a request: the same request always gets the same pieces. */
export function writeAnswer(request: AnswerRequest): Answer {
  const pieces = request.format.kind === 'text' ? textPieces(request) : jsonPieces(request, request.format);
  return pieces.length <= request.maxTokens
    ? { pieces, finishReason: 'stop' }
    : { pieces: pieces.slice(0, request.maxTokens), finishReason: 'length' };
}

function textPieces({ label, prompt, seed }: AnswerRequest): string[] {
  const random = digestRandom(prompt.digest, seed);
  const length = SHORTEST_TOKENS + Math.floor(random() * (LONGEST_TOKENS - SHORTEST_TOKENS + 1));
  // label and digest are one piece, so that even an answer of one token shows both
  const pieces = [`${label} ${prompt.digest}`, ' answers', ':', ...echoOf(prompt.lastText), ' …'];
  while (pieces.length < length) pieces.push(` ${FILLER[Math.floor(random() * FILLER.length)] ?? ''}`);
  return pieces;
}

const echoOf = (text: string): string[] =>
  text
    .slice(0, 400)
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, ECHO_WORDS)
    .map((word) => ` ${word.slice(0, 24)}`);

function jsonPieces(
  { prompt, mistaken }: AnswerRequest,
  format: Exclude<AnswerFormat, { kind: 'text' }>,
): string[] {
  const instance =
    format.kind === 'json-object'
      ? { simulated: true, digest: prompt.digest }
      : schemaInstance(format.schema, prompt.digest);
  const text =
    mistaken === true && format.kind === 'json-schema'
      ? spoilt(instance, format.schema)
      : JSON.stringify(instance);
  return text.match(/.{1,4}/gsu) ?? [];
}
