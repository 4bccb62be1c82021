import type { FailureReason, InferenceRequest } from '@spillway/core';
import { BY_STATUS, type FailureTable } from '../common/http-failure.ts';
import { toOpenAiFailure } from '../common/openai-call.ts';
import { isBrokenConnection } from '../common/transport-failure.ts';

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

/**
 * Undefined for an error that is not the engine's doing. One that cut the connection may have died of the request, or
 * with it; one that never took the connection has not seen it.
 */
export function toFailure(
  error: unknown,
  request: InferenceRequest,
  nowMs: number,
): FailureReason | undefined {
  const reason = toOpenAiFailure(TABLE, error, request, nowMs);
  return reason?.kind === 'backend-unreachable' && isBrokenConnection(error)
    ? { kind: 'engine-lost', detail: 'the engine cut the connection while it worked on this attempt' }
    : reason;
}
