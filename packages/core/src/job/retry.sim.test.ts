import { assert, constantFrom, double, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FailureReason, verdictOf } from './failure.ts';
import { decideRetry, decideRetryAfterCrash } from './retry.ts';

const REASONS: readonly FailureReason[] = [
  { kind: 'backend-unreachable', detail: '' },
  { kind: 'backend-error', detail: '' },
  { kind: 'engine-lost', detail: '' },
  { kind: 'invalid-request', detail: '' },
];
const jitters = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const waits = record({
  times: integer({ min: 1, max: 12 }),
  policy: record({
    maxAttempts: integer({ min: 1, max: 8 }),
    baseMs: integer({ min: 0, max: 1000 }),
    capMs: integer({ min: 0, max: 60_000 }),
  }),
  nowMs: integer({ min: 0, max: 1e12 }),
  leftMs: integer({ min: -10, max: 70_000 }),
  jitter: jitters,
}).map((drawn) => ({
  ...drawn,
  deadlineAtMs: drawn.nowMs + drawn.leftMs,
  ceilingMs: Math.min(drawn.policy.capMs, drawn.policy.baseMs * 2 ** (drawn.times - 1)),
}));
const RUNS = { numRuns: 1000 };

describe('every decision to try again', () => {
  test('waits no longer than the ceiling, never backwards, and ends before the deadline', () => {
    assert(
      property(waits, constantFrom(...REASONS), (drawn, reason) => {
        const { times, deadlineAtMs, policy, nowMs, jitter, ceilingMs } = drawn;
        for (const decision of [
          decideRetry(reason, times, deadlineAtMs, policy, nowMs, jitter),
          decideRetryAfterCrash(times, deadlineAtMs, policy, nowMs, jitter),
        ]) {
          if (decision.kind !== 'retry') continue;
          expect(decision.availableAtMs).toBeGreaterThanOrEqual(nowMs);
          expect(decision.availableAtMs).toBeLessThanOrEqual(nowMs + ceilingMs);
          expect(decision.availableAtMs).toBeLessThan(deadlineAtMs);
        }
      }),
      RUNS,
    );
  });

  test('is given up for the verdict, the number of attempts or the deadline, and for nothing else', () => {
    assert(
      property(waits, constantFrom(...REASONS), (drawn, reason) => {
        const { times, deadlineAtMs, policy, nowMs, leftMs, jitter, ceilingMs } = drawn;
        const decision = decideRetry(reason, times, deadlineAtMs, policy, nowMs, jitter);
        const because = decision.kind === 'give-up' ? decision.because : undefined;
        expect(because === 'not-retryable').toBe(verdictOf(reason) === 'give-up');
        expect(because === 'attempts-exhausted').toBe(
          verdictOf(reason) !== 'give-up' && times >= policy.maxAttempts,
        );
        // Within the ceiling the jitter decides; a deadline beyond it is never the reason, one that is past always.
        expect(because === 'deadline' && leftMs > ceilingMs).toBe(false);
        expect(because === undefined && leftMs <= 0).toBe(false);
      }),
      RUNS,
    );
  });

  test('goes elsewhere if and only if the verdict says so', () => {
    assert(
      property(waits, constantFrom(...REASONS), ({ times, policy, nowMs, jitter }, reason) => {
        const decision = decideRetry(reason, times, Infinity, policy, nowMs, jitter);
        const elsewhere = decision.kind === 'retry' && decision.elsewhere;
        expect(elsewhere).toBe(decision.kind === 'retry' && verdictOf(reason) === 'retry-elsewhere');
      }),
      RUNS,
    );
  });

  test('more jitter is more delay: the whole range is used', () => {
    assert(
      property(waits, jitters, ({ times, policy, nowMs, ceilingMs, jitter }, other) => {
        const at = (drawn: number) => {
          const decision = decideRetryAfterCrash(times, Infinity, policy, nowMs, drawn);
          return decision.kind === 'retry' ? decision.availableAtMs - nowMs : -1;
        };
        expect(Math.sign(at(jitter) - at(other)) * Math.sign(jitter - other)).toBeGreaterThanOrEqual(0);
        expect([at(0), at(1 - Number.EPSILON)]).toEqual([0, ceilingMs]);
      }),
      RUNS,
    );
  });

  test('a crash is waited for like any failure, except that no number of attempts ends it', () => {
    assert(
      property(waits, ({ times, deadlineAtMs, policy, nowMs, jitter }) => {
        const endless = { ...policy, maxAttempts: Infinity };
        expect(decideRetryAfterCrash(times, deadlineAtMs, policy, nowMs, jitter)).toEqual(
          decideRetry({ kind: 'engine-lost', detail: '' }, times, deadlineAtMs, endless, nowMs, jitter),
        );
      }),
      RUNS,
    );
  });
});
