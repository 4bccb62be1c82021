import { type FailureKind, isFailureKind, type LineOutcome } from '@spillway/core';

/** A failure in OpenAI's words: an answer with a status, or a code of the batch itself where there was no answer. */
type OpenAiFailure =
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly code: string | null }
  | { readonly kind: 'error'; readonly code: string };

/** Error types of Anthropic's API that a failure of ours can be. */
export type AnthropicErrorType =
  | 'invalid_request_error'
  | 'not_found_error'
  | 'permission_error'
  | 'rate_limit_error'
  | 'overloaded_error'
  | 'timeout_error'
  | 'api_error';

/** How a failure looks to clients of each face. */
export interface FailureFaces {
  /** Public text. */
  readonly message: string;
  readonly openAi: OpenAiFailure;
  readonly anthropic: AnthropicErrorType;
}

/** Codes that are no failure of a job keep their name, in snake case. */
export function failureFaces({ error }: LineOutcome): FailureFaces {
  const { code, detail } = error ?? UNKNOWN;
  const faces = isFailureKind(code) ? FACES[code] : noAnswer(code.replaceAll('-', '_'), 'api_error');
  return { ...faces, message: detail };
}

const UNKNOWN = { code: 'batch-failed', detail: 'The request failed, and nobody noted why.' };

type Faces = Omit<FailureFaces, 'message'>;

const answer = (status: number, type: string, code: string | null, anthropic: AnthropicErrorType): Faces => ({
  openAi: { kind: 'answer', status, type, code },
  anthropic,
});

const noAnswer = (code: string, anthropic: AnthropicErrorType): Faces => ({
  openAi: { kind: 'error', code },
  anthropic,
});

/** What a client can change or wait for is an answer as OpenAI gives it; what went wrong between us and a backend is not. */
const FACES: Readonly<Record<FailureKind, Faces>> = {
  'invalid-request': answer(400, 'invalid_request_error', null, 'invalid_request_error'),
  'context-exceeded': answer(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'invalid_request_error',
  ),
  'unsupported-by-backend': answer(
    400,
    'invalid_request_error',
    'unsupported_request',
    'invalid_request_error',
  ),
  'model-not-found': answer(404, 'invalid_request_error', 'model_not_found', 'not_found_error'),
  'backend-overloaded': answer(429, 'rate_limit_error', 'rate_limit_exceeded', 'overloaded_error'),
  'backend-error': answer(500, 'server_error', null, 'api_error'),
  'backend-timeout': noAnswer('request_timeout', 'timeout_error'),
  'privacy-violation-blocked': noAnswer('privacy_violation_blocked', 'permission_error'),
  // Of the platform's account with a vendor, not of the client's with us.
  'backend-quota-exhausted': noAnswer('backend_quota_exhausted', 'rate_limit_error'),
  'backend-refused-credentials': noAnswer('backend_refused_credentials', 'api_error'),
  'backend-unreachable': noAnswer('backend_unreachable', 'api_error'),
  'malformed-answer': noAnswer('malformed_answer', 'api_error'),
  'worker-drained': noAnswer('worker_drained', 'api_error'),
  'engine-lost': noAnswer('engine_lost', 'api_error'),
  'worker-lost': noAnswer('worker_lost', 'api_error'),
  unservable: noAnswer('unservable', 'api_error'),
};
