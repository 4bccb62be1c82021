import { isJsonObject, type JsonObject } from '@spillway/core';

/**
 * What the Messages API would refuse about a request, beginning with the field; undefined when nothing is. What only the
 * model's backend can judge is left to it.
 */
export function checkMessageParams(params: JsonObject): string | undefined {
  const { model, max_tokens: maxTokens, messages, stream } = params;
  if (typeof model !== 'string' || model === '') return 'model: must be the name of a model';
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1) {
    return 'max_tokens: must be a whole number of at least 1';
  }
  if (stream !== undefined && stream !== false) return 'stream: must be left out, a batch answers whole';
  if (params['speed'] !== undefined) return 'speed: is not supported in batches';
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  for (const [index, message] of (messages as readonly unknown[]).entries()) {
    const wrong = checkMessage(message);
    if (wrong !== undefined) return `messages.${index}${wrong}`;
  }
  return undefined;
}

function checkMessage(message: unknown): string | undefined {
  if (!isJsonObject(message)) return ': must be an object';
  const { role, content } = message;
  if (typeof role !== 'string' || !ROLES.has(role)) return '.role: must be "user", "assistant" or "system"';
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content)) return '.content: must be a text or a list of content blocks';
  const broken = (content as readonly unknown[]).findIndex((block) => !isBlock(block));
  return broken === -1 ? undefined : `.content.${broken}: must be a content block with a type`;
}

const isBlock = (block: unknown): boolean => isJsonObject(block) && typeof block['type'] === 'string';

const ROLES: ReadonlySet<string> = new Set(['user', 'assistant', 'system']);
