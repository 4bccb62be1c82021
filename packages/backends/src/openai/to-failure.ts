import type { FailureReason, InferenceRequest } from '@spillway/core';
import { BY_STATUS, type FailureTable } from '../common/http-failure.ts';
import { toOpenAiFailure } from '../common/openai-call.ts';

/** OpenAI's own words, and those its compatible hosts took over or coined. Money errors are 429 there, too. */
const TABLE = {
  ...BY_STATUS,
  'context-exceeded': ({ status, message, codes }) =>
    status === 400 &&
    (codes.includes('context_length_exceeded') ||
      /maximum context length is \d+|prompt is too long/i.test(message)),
  'model-not-found': ({ status, codes }) => status === 404 || codes.includes('model_not_found'),
  'backend-quota-exhausted': ({ status, message, codes }) =>
    status === 402 ||
    (status === 429 &&
      (codes.some((code) => QUOTA_CODES.includes(code)) || /credit balance|billing/i.test(message))),
} as const satisfies FailureTable;

const QUOTA_CODES: readonly string[] = [
  'insufficient_quota',
  'credit_balance_exhausted',
  'billing_hard_limit_reached',
  'billing_not_active',
];

/** Undefined for an error that is not the vendor's doing. */
export const toFailure = (
  error: unknown,
  request: InferenceRequest,
  nowMs: number,
): FailureReason | undefined => toOpenAiFailure(TABLE, error, request, nowMs);
