import { type LaneView } from '@spillway/core';
import { expect, test } from 'vitest';
import { createPromotedJobs } from './promoted-jobs.ts';
import { aJob, aLane } from '@spillway/planning/testing';

const lane: LaneView = aLane([]);
const promotion = (number: number) =>
  ({ job: aJob(number), lane, from: 'standard', to: 'interactive' }) as const;

test('a job is taken for promoted once, however many plans promote it', () => {
  const promoted = createPromotedJobs();
  expect(promoted.take([promotion(1), promotion(2)])).toHaveLength(2);
  expect(promoted.take([promotion(2), promotion(3)])).toEqual([promotion(3)]);
});

test('it remembers a bounded number of them, the latest', () => {
  const promoted = createPromotedJobs(2);
  promoted.take([promotion(1), promotion(2), promotion(3)]);
  expect(promoted.take([promotion(3)])).toEqual([]);
  expect(promoted.take([promotion(1)])).toHaveLength(1);
});
