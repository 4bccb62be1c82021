import { expect, test } from 'vitest';
import { UNKNOWN_LENGTH } from '../prediction/output-length.ts';
import { toContender } from './order/contender.ts';
import type { Contender } from './order/order-rule.ts';
import { openRanks } from './ranks.ts';
import { aJob, aLane, NOW_MS, POLICY } from './snapshot.fixtures.ts';

/** One that goes by what its tenant was charged. */
const charged = (virtualTokens: number): Contender =>
  toContender(
    aLane([]),
    aJob(virtualTokens),
    { output: UNKNOWN_LENGTH, virtualTokens, shortestMs: 0, entitled: true },
    { nowMs: NOW_MS, policy: POLICY },
  );

test('those in turn keep their order, also where a later one would go first now', () => {
  const line = [5, 3, 8].map(charged);
  expect(line.map(openRanks(line, []))).toEqual([1, 2, 3]);
});

test('those let go stand where their turn would have been, and none before a turn that was over', () => {
  const line = [5, 10, 20, 30].map(charged);
  const [early, late, last, other] = [charged(1), charged(15), charged(99), charged(25)];
  const letGo = [
    { contender: late, after: 1 },
    { contender: last, after: 1 },
    { contender: early, after: 1 },
    { contender: other, after: 3 },
  ];
  const rankOf = openRanks(line, letGo);
  expect([...line, early, late, last, other].map(rankOf)).toEqual([1, 3, 5, 7, 2, 4, 8, 6]);
});
