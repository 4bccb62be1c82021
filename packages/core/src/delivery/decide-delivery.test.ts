import { describe, expect, test } from 'vitest';
import type { DeliveryAnswer } from './answer.ts';
import { decideDelivery, type DeliveryDecision } from './decide-delivery.ts';
import { DELIVERY_SCHEDULE } from './schedule.ts';

const HOUR_MS = 3_600_000;
const EVENLY = 0.5;

const answered = (status: number, retryAfterMs?: number): DeliveryAnswer => ({
  kind: 'answered',
  status,
  retryAfterMs,
});

const decide = (answer: DeliveryAnswer, attemptsMade = 1, nowMs = 0, jitter = EVENLY): DeliveryDecision =>
  decideDelivery(answer, attemptsMade, DELIVERY_SCHEDULE, nowMs, jitter);

describe('decideDelivery', () => {
  test.each([200, 201, 202, 204, 299])('%i is delivered', (status) => {
    expect(decide(answered(status))).toEqual({ kind: 'delivered' });
  });

  test.each([199, 300, 301, 302, 307, 308, 400, 401, 404, 409, 429, 500, 502, 503, 504])(
    '%i is a failed attempt and gets the next one',
    (status) => {
      expect(decide(answered(status), 1, 1000)).toEqual({ kind: 'again', attemptAtMs: 6000 });
    },
  );

  test('no answer at all gets the next attempt', () => {
    expect(decide({ kind: 'timed-out' })).toEqual({ kind: 'again', attemptAtMs: 5000 });
    expect(decide({ kind: 'unreachable', code: 'ECONNREFUSED' })).toEqual({
      kind: 'again',
      attemptAtMs: 5000,
    });
  });

  test('410 ends the delivery at the first attempt', () => {
    expect(decide(answered(410))).toEqual({ kind: 'dead', because: 'endpoint-gone' });
  });

  test.each(['malformed-url', 'protocol', 'credentials', 'port', 'address'] as const)(
    'what is refused for its %s is never tried again',
    (because) => {
      expect(decide({ kind: 'refused', because })).toEqual({ kind: 'dead', because: 'refused' });
    },
  );

  test('attempts come at once, then 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h apart, then never', () => {
    const decisions = Array.from({ length: 10 }, (_, index) => decide(answered(500), index + 1));
    expect(DELIVERY_SCHEDULE[0]).toBe(0);
    expect(decisions).toEqual([
      ...[5000, 300_000, 1_800_000].map((attemptAtMs) => ({ kind: 'again', attemptAtMs })),
      ...[2, 5, 10, 14, 20, 24].map((hours) => ({ kind: 'again', attemptAtMs: hours * HOUR_MS })),
      { kind: 'dead', because: 'attempts-exhausted' },
    ]);
  });

  test('jitter moves an attempt by at most a tenth, either way', () => {
    expect(decide(answered(500), 1, 0, 0)).toEqual({ kind: 'again', attemptAtMs: 4500 });
    expect(decide(answered(500), 1, 0, 0.999_999)).toEqual({ kind: 'again', attemptAtMs: 5500 });
  });

  test.each([429, 502, 503, 504])('the Retry-After of a %i is waited for at least', (status) => {
    expect(decide(answered(status, 60_000), 1, 7)).toEqual({ kind: 'again', attemptAtMs: 60_007 });
    expect(decide(answered(status, 60_000), 2, 7)).toEqual({ kind: 'again', attemptAtMs: 300_007 });
  });

  test('a Retry-After beyond 24 h counts as 24 h', () => {
    expect(decide(answered(503, 1000 * HOUR_MS))).toEqual({ kind: 'again', attemptAtMs: 24 * HOUR_MS });
  });

  test('the Retry-After of any other answer changes nothing', () => {
    expect(decide(answered(500, 60_000))).toEqual({ kind: 'again', attemptAtMs: 5000 });
  });

  test('a Retry-After does not add an attempt to an exhausted schedule', () => {
    expect(decide(answered(429, 1000), 10)).toEqual({ kind: 'dead', because: 'attempts-exhausted' });
  });

  test('an answer of an unknown kind is a bug', () => {
    expect(() => decide({ kind: 'lost' } as unknown as DeliveryAnswer)).toThrow('unexpected value');
  });
});
