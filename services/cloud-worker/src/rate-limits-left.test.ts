import { expect, test } from 'vitest';
import { createRateLimits } from './rate-limits-left.ts';

const requests = (left: number | undefined, resetInMs: number) =>
  ({ what: 'requests', left, resetInMs }) as const;
const tokens = (left: number, resetInMs: number) => ({ what: 'tokens', left, resetInMs }) as const;

/** Limits by a clock that the test turns. */
function open() {
  const clock = { nowMs: 0 };
  return { clock, limits: createRateLimits(() => clock.nowMs) };
}

test('what the last answer left counts until the limit is whole again, each for itself', () => {
  const { clock, limits } = open();
  expect(limits.left()).toBeUndefined();
  limits.observe('a', [requests(9, 1000), tokens(500, 6000)]);
  limits.observe('a', [requests(8, 1000), tokens(400, 6000)]);
  expect(limits.left()).toEqual({ requestsLeft: 8, tokensLeft: 400 });
  clock.nowMs = 1000;
  expect(limits.left()).toEqual({ requestsLeft: Number.MAX_SAFE_INTEGER, tokensLeft: 400 });
  clock.nowMs = 6000;
  expect(limits.left()).toBeUndefined();
});

test('of several models and several limits of tokens, the scarcest counts', () => {
  const { limits } = open();
  limits.observe('a', [requests(9, 1000), tokens(500, 1000), tokens(80, 1000)]);
  limits.observe('b', [requests(2, 1000), tokens(300, 1000)]);
  expect(limits.left()).toEqual({ requestsLeft: 2, tokensLeft: 80 });
});

test('an answer that tells nothing takes nothing back', () => {
  const { limits } = open();
  limits.observe('a', [requests(3, 1000)]);
  limits.observe('a', []);
  limits.observe('a', [requests(undefined, 1000)]);
  expect(limits.left()?.requestsLeft).toBe(3);
});
