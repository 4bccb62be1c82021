import { expect, test } from 'vitest';
import { estimateLeftMs } from './estimate-left.ts';
import { createRateMeter } from './rate-meter.ts';

const NOW_MS = 1_000_000;
const sent = (pending: number, leftMs: number, perSecond?: number) => ({
  pending,
  finishAtMs: NOW_MS + leftMs,
  perSecond,
});

test('when the platform has everything, its latest estimate counts, also one that is past', () => {
  expect(estimateLeftMs(30, [sent(10, 5000), sent(20, 9000)], 1, NOW_MS)).toBe(9000);
  expect(estimateLeftMs(10, [sent(10, -5000)], 1, NOW_MS)).toBe(0);
});

test('what has not been sent yet comes on top, at the rate measured here or else there', () => {
  expect(estimateLeftMs(50, [sent(10, 5000)], 4, NOW_MS)).toBe(15_000);
  expect(estimateLeftMs(50, [sent(10, 5000, 8)], undefined, NOW_MS)).toBe(10_000);
  expect(estimateLeftMs(50, [sent(10, 5000)], undefined, NOW_MS)).toBeUndefined();
});

test('without an estimate of the platform the rate decides; without a rate nothing is claimed', () => {
  const unknown = { pending: 10, finishAtMs: undefined, perSecond: 2 };
  expect(estimateLeftMs(10, [unknown], 5, NOW_MS)).toBe(2000);
  expect(estimateLeftMs(10, [unknown], 0, NOW_MS)).toBe(5000);
  expect(estimateLeftMs(10, [], undefined, NOW_MS)).toBeUndefined();
  expect(estimateLeftMs(0, [], undefined, NOW_MS)).toBe(0);
});

test('the rate is of the last minute, and unknown in the first second', () => {
  let nowMs = 0;
  const meter = createRateMeter(() => nowMs);
  meter.add(500, 5000);
  nowMs = 500;
  expect(meter.perSecond()).toBeUndefined();
  nowMs = 1000;
  expect(meter.perSecond()).toEqual({ documents: 500, tokens: 5000 });
  for (let second = 2; second <= 120; second += 1) {
    nowMs = second * 1000;
    meter.add(2, 40);
    meter.perSecond();
  }
  expect(meter.perSecond()).toEqual({ documents: 2, tokens: 40 });
});
