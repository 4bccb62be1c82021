import { isJsonObject, type FailureReason, type JsonObject } from '@spillway/core';
import { quoteVendor } from '../common/quote-vendor.ts';

/**
 * What a Response says went wrong, although it came with 200; undefined for one that holds an answer, whole or cut off.
 * Codes: https://platform.openai.com/docs/api-reference/responses/object
 */
export function responseFailure(response: JsonObject, request: JsonObject): FailureReason | undefined {
  const { status, error } = response as Record<string, unknown>;
  if (status === 'completed' || status === 'incomplete') return undefined;
  if (status !== 'failed') return { kind: 'malformed-answer', detail: 'the answer is not finished' };
  const { code, message } = isJsonObject(error) ? (error as Record<string, unknown>) : {};
  const detail = quoteVendor(typeof message === 'string' ? message : '', request, 'the vendor gave up');
  if (code === 'rate_limit_exceeded') return { kind: 'backend-overloaded', detail };
  return typeof code === 'string' && THE_REQUESTS_FAULT.test(code)
    ? { kind: 'invalid-request', detail }
    : { kind: 'backend-error', detail };
}

/** `invalid_prompt`, `unsupported_image_media_type`, `image_too_large`, `empty_image_file` and their like. */
const THE_REQUESTS_FAULT = /^(?:invalid_|unsupported_|image_|empty_image)/;
