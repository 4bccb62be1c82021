import { expect, test } from 'vitest';
import { isMilestone, progressText } from './progress-text.ts';
import type { PolicyRun } from './run-protocol.ts';

const runs = [
  { policy: 'spillway', seed: 1 },
  { policy: 'depth', seed: 1 },
  { policy: 'fifo', seed: 1 },
] as const satisfies readonly PolicyRun[];

test('says what is done and what is under way, and not what has not begun', () => {
  const shares = new Map<PolicyRun, number>([
    [runs[0], 1],
    [runs[1], 0.425],
  ]);
  expect(progressText(shares, runs, 80)).toBe('1 of 3 done · depth 42 %');
  expect(progressText(shares, runs, 12)).toBe('1 of 3 done');
  expect(progressText(new Map<PolicyRun, number>([[runs[1], 0.5]]), [runs[1]], 80)).toBe('depth 50 %');
});

test('names the seed where there are several', () => {
  const seeds: readonly PolicyRun[] = [runs[0], { policy: 'spillway', seed: 2 }];
  expect(progressText(new Map(seeds.map((run) => [run, 0.1])), seeds, 80)).toBe(
    '0 of 2 done · spillway (seed 1) 10 % · spillway (seed 2) 10 %',
  );
});

test('where lines stay, a few runs have one each and many have ten together, the last one at the end', () => {
  expect(lines(3)).toEqual([1, 2, 3]);
  expect(lines(2400)).toHaveLength(10);
  expect(lines(2400).at(-1)).toBe(2400);
});

const lines = (total: number): readonly number[] =>
  Array.from({ length: total }, (_, index) => index + 1).filter((done) => isMilestone(done, total));
