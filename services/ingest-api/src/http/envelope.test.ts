import {
  anthropicErrorSchema,
  openaiErrorSchema,
  problemSchema,
  PROBLEMS,
  type ProblemCode,
} from '@spillway/contracts';
import { expect, test } from 'vitest';
import { toEnvelope } from './envelope.ts';
import { Problem } from './problem.ts';

test.each(Object.keys(PROBLEMS) as ProblemCode[])('%s is an error in every face', (code) => {
  const problem = new Problem(code, 'what to do', { errors: [{ path: 'a.b', message: 'no' }] });
  expect(problemSchema.parse(toEnvelope('native', problem, 'req_1'))).toMatchObject({ code });
  expect(openaiErrorSchema.parse(toEnvelope('openai', problem, 'req_1'))).toMatchObject({
    error: { message: 'what to do', param: 'a.b', code: code.replaceAll('-', '_') },
  });
  expect(anthropicErrorSchema.parse(toEnvelope('anthropic', problem, 'req_1'))).toMatchObject({
    error: { message: 'what to do' },
    request_id: 'req_1',
  });
});

test.each([
  ['invalid-request', 'invalid_request_error', 'invalid_request_error'],
  ['missing-api-key', 'invalid_request_error', 'authentication_error'],
  ['batch-not-found', 'invalid_request_error', 'not_found_error'],
  ['idempotency-conflict', 'invalid_request_error', 'conflict_error'],
  ['request-too-large', 'invalid_request_error', 'request_too_large'],
  ['tenant-quota-exceeded', 'rate_limit_error', 'rate_limit_error'],
  ['tenant-rate-limited', 'rate_limit_error', 'rate_limit_error'],
  ['internal-error', 'server_error', 'api_error'],
  ['store-unavailable', 'server_error', 'overloaded_error'],
] as const)('%s is called %s by OpenAI and %s by Anthropic', (code, openai, anthropic) => {
  const problem = new Problem(code, 'x');
  expect(toEnvelope('openai', problem, 'r')).toMatchObject({ error: { type: openai, param: null } });
  expect(toEnvelope('anthropic', problem, 'r')).toMatchObject({ type: 'error', error: { type: anthropic } });
});
