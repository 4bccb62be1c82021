import type { DeliveryAnswer } from '@spillway/core';
import { expect, test } from 'vitest';
import { describeAnswer } from './describe-answer.ts';

const answered = (status: number): DeliveryAnswer => ({ kind: 'answered', status, retryAfterMs: undefined });

test.each<[DeliveryAnswer, string]>([
  [answered(204), 'HTTP 204'],
  [answered(307), 'HTTP 307, redirects are not followed'],
  [answered(410), 'HTTP 410, the endpoint is gone'],
  [{ kind: 'timed-out' }, 'no answer in time'],
  [{ kind: 'unreachable', code: 'ECONNREFUSED' }, 'no connection: ECONNREFUSED'],
  [{ kind: 'refused', because: 'address' }, 'refused: address not allowed'],
  [{ kind: 'refused', because: 'credentials' }, 'refused: credentials in the URL'],
])('%o reads "%s"', (answer, detail) => {
  expect(describeAnswer(answer)).toBe(detail);
});

test('an answer of an unknown kind is a bug', () => {
  expect(() => describeAnswer({ kind: 'lost' } as unknown as DeliveryAnswer)).toThrow('unexpected value');
});
