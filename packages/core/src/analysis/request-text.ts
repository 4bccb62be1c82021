import { isJsonObject, type JsonObject } from '../json.ts';
import { contentLeaves } from './content-leaves.ts';
import { strings } from './strings.ts';

/** Stands for something a request holds that no detector can read: an image, sound, a file, token numbers. */
export const UNREADABLE: unique symbol = Symbol('unreadable');
export type RequestPiece = string | typeof UNREADABLE;

/**
 * Everything a backend would be told by this request, as text: every message of every role, parts, prompts, inputs,
 * instructions, tool definitions and results, and any other field, by name and value. Only `model` is left out: the
 * adapter replaces it.
 */
export function requestText(body: JsonObject): readonly RequestPiece[] {
  const pieces: RequestPiece[] = [];
  for (const name of Object.keys(body)) {
    if (name === 'model') continue;
    const value = body[name];
    if (holdsUnreadable(name, value)) pieces.push(UNREADABLE);
    pieces.push(name);
    // One by one: as arguments of one call, the texts of a large request would not fit the stack.
    for (const text of strings(value)) pieces.push(text);
  }
  return pieces;
}

/** Fields of a whole request whose content is not text, or that name what somebody else keeps. */
const UNREADABLE_FIELDS: ReadonlySet<string> = new Set([
  'prompt_embeds',
  'audio_embeds',
  'image_embeds',
  'previous_response_id',
  'conversation',
  'container',
]);
/** What may stand under these names: a text, texts, parts, items or blocks. */
const CONTENT_FIELDS: ReadonlySet<string> = new Set(['prompt', 'input', 'system', 'instructions']);

function holdsUnreadable(name: string, value: unknown): boolean {
  if (UNREADABLE_FIELDS.has(name)) return value !== null;
  if (CONTENT_FIELDS.has(name)) return isUnreadable(value);
  return name === 'messages' && Array.isArray(value) && value.some(isUnreadableMessage);
}

const isUnreadableMessage = (message: unknown): boolean =>
  isJsonObject(message) && isUnreadable(message['content']);

const isUnreadable = (content: unknown): boolean =>
  contentLeaves(content).some(({ kind }) => kind === 'unreadable' || kind === 'token');
