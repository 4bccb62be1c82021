import type { Hold } from '@spillway/core';
import { expect, test } from 'vitest';
import { createHoldMemory } from './hold-memory.ts';
import { aJob, aLane } from './testing/index.ts';

const aHold = (number: number, reasons: string): Hold => {
  const job = aJob(number);
  return {
    job,
    lane: aLane([job]),
    estimatedFinishAtMs: undefined,
    reasons,
    get explanation(): never {
      throw new Error('worked out for a hold that is told to nobody');
    },
  };
};

test('a hold is new once for a job and its reasons', () => {
  const memory = createHoldMemory();
  const answers = [
    aHold(1, 'CONCURRENCY'),
    aHold(1, 'CONCURRENCY'),
    aHold(2, 'CONCURRENCY'),
    aHold(1, 'COOLING'),
  ].map((hold) => memory.isNew(hold));
  expect(answers).toEqual([true, false, true, true]);
});

test('reasons that come and go are told once each', () => {
  const memory = createHoldMemory();
  const codes = ['CONCURRENCY', 'COOLING', 'CONCURRENCY', 'COOLING'] as const;
  expect(codes.map((code) => memory.isNew(aHold(1, code)))).toEqual([true, true, false, false]);
});

test('a job that moves on is forgotten, and told anew when it is held again', () => {
  const memory = createHoldMemory();
  expect(memory.take(aJob(1).id)).toBe(false);
  memory.isNew(aHold(1, 'CONCURRENCY'));
  expect([memory.take(aJob(1).id), memory.take(aJob(1).id)]).toEqual([true, false]);
  expect(memory.isNew(aHold(1, 'CONCURRENCY'))).toBe(true);
});

test('after a clear everything is new', () => {
  const memory = createHoldMemory();
  memory.isNew(aHold(1, 'CONCURRENCY'));
  memory.clear();
  expect(memory.isNew(aHold(1, 'CONCURRENCY'))).toBe(true);
});

test('it does not grow with the backlog: the job told longest ago is forgotten first', () => {
  const memory = createHoldMemory(2);
  for (const job of [1, 2]) memory.isNew(aHold(job, 'CONCURRENCY'));
  memory.isNew(aHold(1, 'COOLING'));
  memory.isNew(aHold(3, 'CONCURRENCY'));
  expect([1, 2, 3].map((job) => memory.take(aJob(job).id))).toEqual([true, false, true]);
});
