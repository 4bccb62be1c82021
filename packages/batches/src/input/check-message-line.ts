import { isJsonObject, type JsonObject } from '@spillway/core';
import { type LineMistake, mistake } from './line-mistake.ts';

/** What a request of an Anthropic message batch says, and what is wrong with its shape; its params are not judged. */
export type MessageLine =
  | { readonly kind: 'line'; readonly customId: string; readonly params: JsonObject }
  | { readonly kind: 'mistake'; readonly mistake: LineMistake };

export function checkMessageLine(value: JsonObject): MessageLine {
  const { custom_id: customId, params, ...others } = value;
  const [other] = Object.keys(others);
  if (typeof customId !== 'string' || !CUSTOM_ID.test(customId)) {
    const must = 'must be a text of 1 to 64 letters, digits, "_" or "-"';
    return wrong('invalid_custom_id', customId === undefined ? `field required: ${must}` : must, 'custom_id');
  }
  if (!isJsonObject(params))
    return wrong('invalid_request', 'must be an object: a request to /v1/messages', 'params');
  if (other !== undefined)
    return wrong('invalid_request', 'extra inputs are not permitted', other.slice(0, 64));
  return { kind: 'line', customId, params };
}

const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;

const wrong = (code: string, message: string, param: string): MessageLine => ({
  kind: 'mistake',
  mistake: mistake(code, message, param),
});
