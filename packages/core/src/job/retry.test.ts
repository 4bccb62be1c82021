import { describe, expect, test } from 'vitest';
import { decideRetry, decideRetryAfterCrash, DEFAULT_RETRY_POLICY } from './retry.ts';

const overloaded = { kind: 'backend-overloaded', detail: '503' } as const;
const policy = DEFAULT_RETRY_POLICY;

describe('decideRetry', () => {
  test('a request that nobody can answer is given up at once', () => {
    expect(decideRetry({ kind: 'invalid-request', detail: 'bad' }, 1, 10_000, policy, 0, 0)).toEqual({
      kind: 'give-up',
      because: 'not-retryable',
    });
  });

  test('the last attempt is not followed by another', () => {
    expect(decideRetry(overloaded, policy.maxAttempts, 1e9, policy, 0, 0)).toEqual({
      kind: 'give-up',
      because: 'attempts-exhausted',
    });
  });

  test('the delay doubles with each attempt, is drawn from the whole range, and is capped', () => {
    const delays = [1, 2, 3].map((made) => decideRetry(overloaded, made, 1e9, policy, 0, 0.999));
    expect(delays).toEqual([
      { kind: 'retry', availableAtMs: 500, elsewhere: true },
      { kind: 'retry', availableAtMs: 999, elsewhere: true },
      { kind: 'retry', availableAtMs: 1998, elsewhere: true },
    ]);
    expect(decideRetry(overloaded, 3, 1e9, { ...policy, capMs: 600 }, 0, 0.5)).toMatchObject({
      availableAtMs: 300,
    });
  });

  test('a backend that merely stumbled may have the job again', () => {
    expect(decideRetry({ kind: 'backend-error', detail: '500' }, 1, 1e9, policy, 7, 0)).toEqual({
      kind: 'retry',
      availableAtMs: 7,
      elsewhere: false,
    });
  });

  test('no attempt is planned at or past the deadline', () => {
    expect(decideRetry(overloaded, 1, 500, policy, 0, 0.999)).toEqual({
      kind: 'give-up',
      because: 'deadline',
    });
  });
});

const after = (crashes: number, deadlineAtMs = 1e9) =>
  decideRetryAfterCrash(crashes, deadlineAtMs, policy, 100, 0.5);

describe('decideRetryAfterCrash', () => {
  test('each crash doubles the wait, on any backend, however many attempts there were', () => {
    expect([1, 2, 9].map((crashes) => after(crashes))).toEqual([
      { kind: 'retry', availableAtMs: 350, elsewhere: false },
      { kind: 'retry', availableAtMs: 600, elsewhere: false },
      { kind: 'retry', availableAtMs: 15_100, elsewhere: false },
    ]);
  });

  test('no attempt is planned at or past the deadline', () => {
    expect(after(1, 350)).toEqual({ kind: 'give-up', because: 'deadline' });
    expect(after(1, 351)).toMatchObject({ kind: 'retry' });
  });
});
