import { isJsonObject, type JsonObject } from '../json.ts';
import { strings } from './strings.ts';

/** Stands for something a request holds that no detector can read: an image, sound, a file, token numbers. */
export const UNREADABLE: unique symbol = Symbol('unreadable');
export type RequestPiece = string | typeof UNREADABLE;

/**
 * Everything a backend would be told by this request, as text: every message of every role, parts, prompts, inputs,
 * tool definitions, and any other field, by name and value. Only `model` is left out: the adapter replaces it.
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

/** Fields of a whole request whose content is not text, whatever it is. */
const UNREADABLE_FIELDS: ReadonlySet<string> = new Set(['prompt_embeds', 'audio_embeds', 'image_embeds']);
/** What may stand in lists under these names: texts, or parts. */
const PROMPT_FIELDS: ReadonlySet<string> = new Set(['prompt', 'input']);

function holdsUnreadable(name: string, value: unknown): boolean {
  if (UNREADABLE_FIELDS.has(name)) return true;
  if (PROMPT_FIELDS.has(name)) return Array.isArray(value) && value.some(isUnreadableItem);
  return name === 'messages' && Array.isArray(value) && value.some(isUnreadableMessage);
}

function isUnreadableMessage(message: unknown): boolean {
  if (!isJsonObject(message)) return false;
  const content = message['content'];
  if (Array.isArray(content)) return content.some(isUnreadablePart);
  return isJsonObject(content) && isUnreadablePart(content);
}

function isUnreadableItem(item: unknown): boolean {
  if (typeof item === 'number') return true;
  if (Array.isArray(item)) return item.some((inner) => typeof inner === 'number' || isUnreadablePart(inner));
  return isUnreadablePart(item) || isUnreadableMessage(item);
}

const READABLE_TYPES: ReadonlySet<unknown> = new Set([
  'text',
  'input_text',
  'output_text',
  'refusal',
  'message',
]);

/** A part is readable when it says so; one without a type only when it is a text or a message and nothing else. */
function isUnreadablePart(part: unknown): boolean {
  if (!isJsonObject(part)) return false;
  if ('type' in part) return !READABLE_TYPES.has(part['type']);
  return Object.keys(part).some((name) => name !== 'text' && name !== 'role' && name !== 'content');
}
