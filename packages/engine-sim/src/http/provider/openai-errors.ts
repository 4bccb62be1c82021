import { assertNever } from '@spillway/core';
import type { RenderError } from '../../faults/play-fault.ts';
import type { BodyProblem } from '../read-json.ts';
import type { SimContext } from '../sim-context.ts';

interface OpenAiProblem {
  readonly status: 400 | 401 | 404 | 413 | 429 | 500 | 503;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param?: string | null;
}

/** OpenAI's error envelope, with its four required fields. */
function openAiError(context: SimContext, { status, message, type, code, param }: OpenAiProblem): Response {
  return context.json({ error: { message, type, param: param ?? null, code } }, status);
}

export const openAiUnauthorized = (context: SimContext): Response =>
  openAiError(context, {
    status: 401,
    message: 'Incorrect API key provided (simulated).',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  });

/** The refusal of a request above the rate limit; `retry-after` counts whole seconds, `retry-after-ms` says it finely. */
export function openAiRateLimited(context: SimContext, retryAfterMs: number): Response {
  context.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  context.header('retry-after-ms', String(Math.ceil(retryAfterMs)));
  context.header('x-ratelimit-remaining-requests', '0');
  return openAiError(context, {
    status: 429,
    message: `Rate limit reached for requests (simulated). Please try again in ${Math.ceil(retryAfterMs / 1_000)}s.`,
    type: 'requests',
    code: 'rate_limit_exceeded',
  });
}

export const openAiBodyError = (context: SimContext, problem: BodyProblem): Response =>
  problem.kind === 'too-large'
    ? openAiError(context, {
        status: 413,
        message: 'Request body too large (simulated).',
        type: 'invalid_request_error',
        code: null,
      })
    : openAiError(context, {
        status: 400,
        message: problem.detail,
        type: 'invalid_request_error',
        code: null,
        param: problem.param,
      });

export const openAiNotFound = (context: SimContext): Response =>
  openAiError(context, {
    status: 404,
    message: `Invalid URL (${context.req.method} ${context.req.path})`,
    type: 'invalid_request_error',
    code: null,
  });

export const openAiServerError = (context: SimContext): Response =>
  openAiError(context, {
    status: 500,
    message: 'The server had an error while processing your request (simulated).',
    type: 'server_error',
    code: null,
  });

export const renderOpenAiFault: RenderError = (context, kind, rule) => {
  switch (kind) {
    case 'error-500':
      return openAiServerError(context);
    case 'unavailable-503':
    case 'overloaded-529':
      // 529 is Anthropic's; OpenAI says the same with 503
      return openAiError(context, {
        status: 503,
        message: 'That model is currently overloaded with other requests (simulated).',
        type: 'server_error',
        code: null,
      });
    case 'rate-limit-429':
      return openAiRateLimited(context, rule.retry_after_seconds * 1_000);
    case 'insufficient-quota':
      return openAiError(context, {
        status: 429,
        message: 'You exceeded your current quota, please check your plan and billing details (simulated).',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      });
    case 'unauthorized-401':
      return openAiUnauthorized(context);
    default:
      return assertNever(kind);
  }
};
