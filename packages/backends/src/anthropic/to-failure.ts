import { Anthropic } from '@anthropic-ai/sdk';
import type { FailureReason, InferenceRequest } from '@spillway/core';
import { BY_STATUS, toReason, type FailureTable } from '../common/http-failure.ts';
import { parseRefusal } from '../common/refusal.ts';
import { toTransportFailure } from '../common/transport-failure.ts';

/** Anthropic's words. Money errors come as 400, 402 or 429; a full house is 529. */
const TABLE = {
  ...BY_STATUS,
  'context-exceeded': ({ status, message }) =>
    status === 400 && /prompt is too long|exceed context limit/i.test(message),
  'backend-quota-exhausted': ({ status, message, codes }) =>
    status === 402 ||
    codes.includes('billing_error') ||
    (status === 400 && /credit balance is too low|reached your specified api usage limits/i.test(message)) ||
    (status === 429 && /credit balance|billing|usage limits/i.test(message)),
} as const satisfies FailureTable;

/** Undefined for an error that is not the vendor's doing. */
export function toFailure(
  error: unknown,
  request: InferenceRequest,
  nowMs: number,
): FailureReason | undefined {
  if (error instanceof Anthropic.APIError && error.status !== undefined && error.headers !== undefined) {
    return toReason(
      TABLE,
      parseRefusal(error.status, error.error, error.message, error.headers),
      request,
      nowMs,
    );
  }
  const below = toTransportFailure(error);
  if (below !== undefined) return below;
  if (error instanceof Anthropic.APIConnectionTimeoutError)
    return { kind: 'backend-timeout', detail: 'no answer' };
  return error instanceof Anthropic.APIConnectionError
    ? { kind: 'backend-unreachable', detail: 'the connection broke' }
    : undefined;
}
