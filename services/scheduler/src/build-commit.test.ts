import { type JobView, plan } from '@spillway/core';
import { expect, test } from 'vitest';
import { buildCommit } from './build-commit.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { createHoldMemory } from './hold-memory.ts';
import { aConfig, aJob, aLane, aState, aStore, gpu, MODEL, NOW_MS } from './testing/fixtures.ts';

const CONTEXT = { configVersion: 'sha256:00', epoch: 7 };

/** What is committed of the jobs of one lane in front of a local backend with that many slots. */
function commitOf(jobs: readonly JobView[], slots: number, memory = createHoldMemory()) {
  const store = aStore({ backends: [aState({ slots })], lanes: [aLane(jobs)] });
  const snapshot = buildSnapshot(store, aConfig(), NOW_MS);
  return buildCommit(plan(snapshot), snapshot, CONTEXT, memory);
}
const waiting = (number: number, forMs: number): JobView => aJob(number, { queuedAtMs: NOW_MS - forMs });
const actionsOf = ({ holds }: ReturnType<typeof commitOf>): readonly (readonly [string, string])[] =>
  holds.map(({ job, decision }) => [job, (JSON.parse(decision) as { why: string }).why]);

test('an assignment carries what the commit checks again: fence, slots, location, tokens, charge', () => {
  const { assignments } = commitOf([aJob(1, { fence: 3 })], 4);
  expect(assignments).toMatchObject([
    {
      job: aJob(1).id,
      fence: 3,
      backend: gpu,
      model: MODEL,
      location: 'local',
      slots: 4,
      tokens: 150,
      charge: 200,
    },
  ]);
  expect(JSON.parse(assignments[0]?.decision ?? '')).toMatchObject({ action: 'assign', fence: 4, epoch: 7 });
});

test('a hold is written once it has lasted for more than a second, and then once', () => {
  const memory = createHoldMemory();
  expect(commitOf([waiting(1, 1000)], 0, memory).holds).toEqual([]);
  expect(actionsOf(commitOf([waiting(1, 1001)], 0, memory))).toEqual([
    [aJob(1).id, 'gpu-0: holds 0 of 0 jobs'],
  ]);
  expect(commitOf([waiting(1, 9000)], 0, memory).holds).toEqual([]);
});

test('a job assigned after a wait that nobody saw gets one record of the wait', () => {
  expect(actionsOf(commitOf([waiting(1, 1500)], 4))).toEqual([
    [aJob(1).id, 'waited 1.5 s before it was considered: other jobs were before it, or no scheduler led'],
  ]);
});

test('neither a short wait nor one whose hold was written gets such a record', () => {
  const memory = createHoldMemory();
  commitOf([waiting(1, 1500)], 0, memory);
  expect(commitOf([waiting(1, 2000), waiting(2, 900)], 4, memory).holds).toEqual([]);
});

test('a rejection carries the fence it was made under and the sentence for the client', () => {
  const store = aStore({
    backends: [aState({ descriptor: { ...aState().descriptor, contextTokens: 100 } })],
    lanes: [aLane([aJob(1, { fence: 2 })], { pinned: true })],
  });
  const snapshot = buildSnapshot(store, aConfig(), NOW_MS);
  const { rejections } = buildCommit(plan(snapshot), snapshot, CONTEXT, createHoldMemory());
  expect(rejections).toMatchObject([{ job: aJob(1).id, fence: 2 }]);
  expect(rejections[0]?.detail).toContain('of a window of 100');
});
