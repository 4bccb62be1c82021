import {
  type AnthropicErrorBody,
  type OpenAIErrorBody,
  type ProblemBody,
  PROBLEMS,
} from '@spillway/contracts';
import type { Face } from './face.ts';
import type { Problem } from './problem.ts';

/** A problem as the body of one face, from its row of the one table. */
export function toEnvelope(
  face: Face,
  problem: Problem,
  requestId: string,
): ProblemBody | OpenAIErrorBody | AnthropicErrorBody {
  const { status, title } = PROBLEMS[problem.code];
  if (face === 'openai') {
    const type = openaiType(status);
    const param = problem.errors?.[0]?.path ?? null;
    return {
      error: {
        message: problem.detail,
        type,
        param: param === '' ? null : param,
        code: problem.code.replaceAll('-', '_'),
      },
    };
  }
  if (face === 'anthropic') {
    return {
      type: 'error',
      error: { type: ANTHROPIC_TYPES[status], message: problem.detail },
      request_id: requestId,
    };
  }
  return {
    type: `urn:spillway:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors !== undefined && { errors: problem.errors }),
  };
}

function openaiType(status: number): OpenAIErrorBody['error']['type'] {
  if (status >= 500) return 'server_error';
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error';
}

/** By status, as Anthropic's API does; a status that a new row brings needs its word here to compile. */
const ANTHROPIC_TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  416: 'invalid_request_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
} as const satisfies Record<
  (typeof PROBLEMS)[keyof typeof PROBLEMS]['status'],
  AnthropicErrorBody['error']['type']
>;
