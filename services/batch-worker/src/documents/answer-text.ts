import { isJsonObject, type JsonObject } from '@spillway/core';

/** What a chat completion says, as text; undefined when it says nothing, as a model that used up its tokens thinking. */
export function answerText(body: JsonObject | undefined): string | undefined {
  const choices = body?.['choices'];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = isJsonObject(choice) ? choice['message'] : undefined;
  const content = isJsonObject(message) ? message['content'] : undefined;
  const text = Array.isArray(content) ? content.map(partText).join('') : content;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function partText(part: unknown): string {
  const text = isJsonObject(part) ? part['text'] : undefined;
  return typeof text === 'string' ? text : '';
}
