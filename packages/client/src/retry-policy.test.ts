import { expect, test } from 'vitest';
import { DEFAULT_RETRY_POLICY as POLICY, retryDelayMs } from './retry-policy.ts';
import { SpillwayError, type SpillwayErrorFields } from './spillway-error.ts';

const error = (fields: Partial<SpillwayErrorFields>): SpillwayError =>
  new SpillwayError({ code: 'store-unavailable', detail: '', status: 503, ...fields });

test('the delay is anywhere between nothing and a ceiling that doubles up to its cap', () => {
  expect(retryDelayMs(error({}), 0, POLICY, 0)).toBe(0);
  expect(retryDelayMs(error({}), 2, POLICY, 0.5)).toBe(500);
  expect(retryDelayMs(error({}), 2, { ...POLICY, capMs: 300 }, 0.5)).toBe(150);
});

test('a try never comes sooner than the platform asked, and a long wait is left to the caller', () => {
  expect(retryDelayMs(error({ retryAfterMs: 4000 }), 0, POLICY, 0)).toBe(4000);
  expect(retryDelayMs(error({ retryAfterMs: 31_000 }), 0, POLICY, 0)).toBeUndefined();
});

test('tries are bounded', () => {
  expect(retryDelayMs(error({}), POLICY.maxRetries, POLICY, 0)).toBeUndefined();
});

test.each([
  ['a refused request', { code: 'invalid-request', status: 400 }, false],
  ['a queue the caller finds too long', { code: 'queue-too-long', status: 429 }, false],
  ['a quota that may free up', { code: 'tenant-quota-exceeded', status: 429 }, true],
  ['a gateway without its backend', { code: 'unexpected-answer', status: 502 }, true],
  ['a lost connection', { code: 'unreachable', status: undefined }, true],
  ['an answer that is not ours', { code: 'unexpected-answer', status: undefined }, false],
  ['an answer that forbids it', { code: 'store-unavailable', status: 503, retryRefused: true }, false],
] as const)('%s: retried %#', (_what, fields, isRetried) => {
  expect(retryDelayMs(error(fields), 0, POLICY, 0) !== undefined).toBe(isRetried);
});
