import { assertNever } from '@spillway/core';
import type { RenderError } from '../../faults/play-fault.ts';
import type { BodyProblem } from '../read-json.ts';
import type { SimContext } from '../sim-context.ts';

const TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'api_error',
  529: 'overloaded_error',
} as const;

/** Anthropic's error envelope; `request_id` repeats the header. */
export function anthropicError(context: SimContext, status: keyof typeof TYPES, message: string): Response {
  const requestId = context.res.headers.get('request-id');
  const body = { type: 'error', error: { type: TYPES[status], message }, request_id: requestId };
  // Hono's list of statuses does not know 529
  return context.json(body, status as 503);
}

export const anthropicUnauthorized = (context: SimContext): Response =>
  anthropicError(context, 401, 'invalid x-api-key');

export function anthropicRateLimited(context: SimContext, retryAfterMs: number): Response {
  context.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  context.header('anthropic-ratelimit-requests-remaining', '0');
  return anthropicError(
    context,
    429,
    'This request would exceed the rate limit of your organization (simulated).',
  );
}

export const anthropicBodyError = (context: SimContext, problem: BodyProblem): Response =>
  problem.kind === 'too-large'
    ? anthropicError(context, 413, 'Request exceeds the maximum size')
    : anthropicError(context, 400, problem.detail);

export const renderAnthropicFault: RenderError = (context, kind, rule) => {
  switch (kind) {
    case 'error-500':
      return anthropicError(context, 500, 'Internal server error');
    case 'unavailable-503':
      return anthropicError(context, 503, 'Service unavailable');
    case 'overloaded-529':
      return anthropicError(context, 529, 'Overloaded');
    case 'rate-limit-429':
      return anthropicRateLimited(context, rule.retry_after_seconds * 1_000);
    case 'insufficient-quota':
      // Anthropic says this with a 400, not with OpenAI's 429
      return anthropicError(
        context,
        400,
        'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or ' +
          'purchase credits.',
      );
    case 'unauthorized-401':
      return anthropicUnauthorized(context);
    default:
      return assertNever(kind);
  }
};
