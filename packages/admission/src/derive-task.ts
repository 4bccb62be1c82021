import { type Endpoint, isJsonObject, type JsonObject } from '@spillway/core';

/**
 * What kind of work a request is, when its client does not say: by this name the length of its answers is learned. An
 * answer in JSON is as long as its schema makes it, whatever the conversation.
 */
export function deriveTask(endpoint: Endpoint, request: JsonObject): string {
  if (endpoint === '/v1/embeddings') return 'embeddings';
  if (wantsJson(request)) return 'json';
  return endpoint === '/v1/completions' ? 'completion' : 'chat';
}

/** Chat completions, Responses, and the two places of Messages have it under their own names. */
const wantsJson = (request: JsonObject): boolean =>
  [
    request['response_format'],
    within(request['text'], 'format'),
    within(request['output_config'], 'format'),
    request['output_format'],
  ].some(isJsonFormat);

const within = (value: unknown, name: string): unknown => (isJsonObject(value) ? value[name] : undefined);

function isJsonFormat(format: unknown): boolean {
  const type = within(format, 'type');
  return type === 'json_schema' || type === 'json_object';
}
