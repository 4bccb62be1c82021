import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRunningAttempts } from './running-attempts.ts';
import { aClaim } from './testing/a-claim.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the clocks of an attempt', () => {
  test.each([
    {
      what: 'its own limit',
      attemptTimeoutMs: 1000,
      toDeadlineMs: 1001,
      atMs: 1000,
      cause: 'attempt-timeout',
    },
    { what: 'the deadline', attemptTimeoutMs: 1001, toDeadlineMs: 1000, atMs: 1000, cause: 'deadline' },
    {
      what: 'the deadline on a tie',
      attemptTimeoutMs: 1000,
      toDeadlineMs: 1000,
      atMs: 1000,
      cause: 'deadline',
    },
    {
      what: 'a deadline that has passed',
      attemptTimeoutMs: 1000,
      toDeadlineMs: -5,
      atMs: 0,
      cause: 'deadline',
    },
  ])('$what stops it, whichever comes first', ({ attemptTimeoutMs, toDeadlineMs, atMs, cause }) => {
    const attempts = createRunningAttempts();
    using attempt = attempts.begin(aClaim({ attemptTimeoutMs, deadlineAtMs: toDeadlineMs }));
    if (atMs > 0) vi.advanceTimersByTime(atMs - 1);
    expect(attempt.stopped()).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(attempt.stopped()).toBe(cause);
    expect(attempt.signal.aborted).toBe(true);
  });

  test('a limit longer than a timer can be does not end it at once', () => {
    const attempts = createRunningAttempts();
    const years = 1000 * 60 * 60 * 24 * 365;
    using attempt = attempts.begin(aClaim({ attemptTimeoutMs: years, deadlineAtMs: years }));
    vi.advanceTimersByTime(1000 * 60 * 60 * 24);
    expect(attempt.stopped()).toBeUndefined();
  });

  test('an attempt that has ended leaves neither a timer nor a lease', () => {
    const attempts = createRunningAttempts();
    {
      using attempt = attempts.begin(aClaim());
      expect([attempt.stopped(), attempts.leases().length]).toEqual([undefined, 1]);
    }
    expect(vi.getTimerCount()).toBe(0);
    expect(attempts.leases()).toEqual([]);
  });
});

describe('stopping', () => {
  test('the first cause wins', () => {
    const attempts = createRunningAttempts();
    const claim = aClaim();
    using attempt = attempts.begin(claim);
    vi.advanceTimersByTime(claim.attemptTimeoutMs);
    attempts.stopAll('draining');
    expect(attempt.stopped()).toBe('attempt-timeout');
  });

  test('reaches the attempt of the job and no other; all of them when asked to', () => {
    const attempts = createRunningAttempts();
    const [first, second] = [aClaim(), aClaim()];
    using one = attempts.begin(first);
    using other = attempts.begin(second);
    attempts.stop(first.lease.jobId, 'lease-lost');
    expect([one.stopped(), other.stopped()]).toEqual(['lease-lost', undefined]);
    attempts.stopAll('draining');
    expect([one.stopped(), other.stopped()]).toEqual(['lease-lost', 'draining']);
  });

  test('a job that is not running is no error', () => {
    const attempts = createRunningAttempts();
    expect(() => attempts.stop(idFromUuid('JobId', randomUUID()), 'lease-lost')).not.toThrow();
  });

  test('late news of an older lease does not stop the attempt under a newer one', () => {
    const attempts = createRunningAttempts();
    const claim = aClaim({ lease: { ...aClaim().lease, fence: 2 } });
    using attempt = attempts.begin(claim);
    attempts.stop(claim.lease.jobId, 'lease-lost', 1);
    expect(attempt.stopped()).toBeUndefined();
    attempts.stop(claim.lease.jobId, 'lease-lost', 2);
    expect(attempt.stopped()).toBe('lease-lost');
  });

  test('a new lease of the same job stops the attempt under the old one, whose end does not hide the new', () => {
    const attempts = createRunningAttempts();
    const old = aClaim();
    const renewed = aClaim({ lease: { ...old.lease, fence: 2 } });
    const before = attempts.begin(old);
    using now = attempts.begin(renewed);
    expect([before.stopped(), now.stopped()]).toEqual(['lease-lost', undefined]);
    before[Symbol.dispose]();
    expect(attempts.leases()).toEqual([renewed.lease]);
  });
});
