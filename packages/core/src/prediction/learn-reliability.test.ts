import { expect, test } from 'vitest';
import { learnReliability, type Reliability, TRUSTED } from './learn-reliability.ts';

test('one failure costs little, many cost most of the trust, and successes earn it back', () => {
  expect(times(TRUSTED, 'succeeded', 10)).toEqual(TRUSTED);
  expect(times(TRUSTED, 'failed', 1)).toEqual({ succeeded: 0.98, timedOut: 0 });
  const hanging = times(TRUSTED, 'timed-out', 100);
  expect(hanging.succeeded).toBeLessThan(0.15);
  expect(hanging.timedOut).toBeGreaterThan(0.85);
  const back = times(hanging, 'succeeded', 200);
  expect(back.succeeded).toBeGreaterThan(0.98);
  expect(back.timedOut).toBeLessThan(0.02);
});

test('shares of steady attempts are learned', () => {
  let reliability = TRUSTED;
  const ends = ['succeeded', 'succeeded', 'timed-out', 'succeeded', 'failed'] as const;
  for (let round = 0; round < 100; round += 1) reliability = ends.reduce(learnReliability, reliability);
  expect(reliability.succeeded).toBeCloseTo(0.6, 1);
  expect(reliability.timedOut).toBeCloseTo(0.2, 1);
});

const times = (from: Reliability, end: 'succeeded' | 'timed-out' | 'failed', attempts: number): Reliability =>
  Array.from({ length: attempts }, () => end).reduce(learnReliability, from);
