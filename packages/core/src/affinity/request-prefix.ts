import { contentLeaves } from '../analysis/content-leaves.ts';
import { strings } from '../analysis/strings.ts';
import type { Endpoint } from '../backend/inference-backend.ts';
import type { TenantId } from '../id/name.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { prefixHashes } from './prefix-hashes.ts';
import type { PrefixHashes } from './prefix-lookup.ts';

/**
 * The prefix hashes of a request: of its tools, system text and messages in the order in which a model reads them, up to
 * the first thing that is not text. Embeddings have none, nor has a prompt of token numbers or of several texts.
 * Whatever the body's shape, it answers and never throws.
 */
export const requestPrefix = (
  tenantId: TenantId,
  endpoint: Endpoint,
  body: JsonObject,
  blockTokens: number,
  mostBlocks?: number,
): PrefixHashes => prefixHashes(tenantId, readable(promptPieces(endpoint, body)), blockTokens, mostBlocks);

/** An image, sound or token number: two prompts that differ in it must not look alike, so the prefix ends before it. */
const UNREADABLE: unique symbol = Symbol('unreadable');
type Piece = string | typeof UNREADABLE;

function* readable(pieces: Iterable<Piece>): Generator<string> {
  for (const piece of pieces) {
    if (piece === UNREADABLE) return;
    yield piece;
  }
}

function* promptPieces(endpoint: Endpoint, body: JsonObject): Generator<Piece> {
  switch (endpoint) {
    case '/v1/chat/completions':
      // Chat templates put the tools before the first message.
      yield* strings(body['tools']);
      yield* messagePieces(body['messages']);
      return;
    case '/v1/completions':
      if (typeof body['prompt'] === 'string') yield body['prompt'];
      return;
    case '/v1/embeddings':
      return;
    case '/v1/responses':
      yield* strings(body['tools']);
      yield* systemPieces(body['instructions']);
      if (Array.isArray(body['input'])) yield* messagePieces(body['input']);
      else yield* contentPieces(body['input']);
      return;
    case '/v1/messages':
      yield* strings(body['tools']);
      yield* systemPieces(body['system']);
      yield* messagePieces(body['messages']);
      return;
  }
}

/** Messages of a chat, or items of a Response: each begins with its role, or with what else it is. */
function* messagePieces(messages: unknown): Generator<Piece> {
  if (!Array.isArray(messages)) return;
  for (const message of messages as readonly unknown[]) {
    if (!isJsonObject(message)) {
      yield* contentPieces(message);
      continue;
    }
    const kind = message['role'] ?? message['type'];
    yield typeof kind === 'string' ? kind : '';
    // An item of a Response that is no message is content itself.
    const isItem = 'type' in message && message['type'] !== 'message';
    yield* contentPieces(isItem ? message : message['content']);
    yield* strings(message['tool_calls']);
  }
}

function* systemPieces(content: unknown): Generator<Piece> {
  if (content === undefined || content === null) return;
  yield 'system';
  yield* contentPieces(content);
}

/** Parts one by one, since they are read in order. */
function* contentPieces(content: unknown): Generator<Piece> {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  for (const part of parts) {
    for (const leaf of contentLeaves(part)) {
      if (leaf.kind === 'text') yield leaf.text;
      else if (leaf.kind === 'data') yield* strings(leaf.data);
      else yield UNREADABLE;
    }
  }
}
