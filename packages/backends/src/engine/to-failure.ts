import type { FailureReason, InferenceRequest } from '@spillway/core';
import { BY_STATUS, type FailureTable } from '../common/http-failure.ts';
import { toOpenAiFailure } from '../common/openai-call.ts';

/**
 * What local engines say. vLLM refuses a full queue with 503 and a long prompt with 400 and the limit in its text;
 * llama.cpp has a type of its own for the latter. They have no accounts, so 402 and quotas do not occur.
 */
const TABLE = {
  ...BY_STATUS,
  'context-exceeded': ({ status, message, codes }) =>
    status === 400 &&
    (/maximum context length is \d+|exceeds the available context size/i.test(message) ||
      codes.includes('context_length_exceeded') ||
      codes.includes('exceed_context_size_error')),
} as const satisfies FailureTable;

/** Undefined for an error that is not the engine's doing. */
export const toFailure = (
  error: unknown,
  request: InferenceRequest,
  nowMs: number,
): FailureReason | undefined => toOpenAiFailure(TABLE, error, request, nowMs);
