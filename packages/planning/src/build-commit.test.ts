import { type JobView, NO_PREFIXES, plan, RTX_4090 } from '@spillway/core';
import { type StoreSnapshot } from '@spillway/redis';
import { expect, test } from 'vitest';
import { buildCommit } from './build-commit.ts';
import { buildSnapshot } from './build-snapshot.ts';
import { unpackDecision } from './packed-decision.ts';
import { createHoldMemory } from './hold-memory.ts';
import {
  aCloudState,
  aConfig,
  aJob,
  aLane,
  aState,
  aStore,
  gpu,
  MODEL,
  NO_OVERFLOW,
  NOW_MS,
} from './testing/index.ts';

const VIEW = { sinceMs: NOW_MS, prefixes: NO_PREFIXES };
const EPOCH = 7;

/** What is committed of a state of the store. */
function commitIn(store: StoreSnapshot, config = aConfig(), memory = createHoldMemory()) {
  const snapshot = buildSnapshot(store, config, VIEW);
  return buildCommit(plan(snapshot), snapshot, { config, version: 'sha256:00' }, EPOCH, memory);
}

/** What is committed of the jobs of one lane in front of a local backend with that many slots. */
function commitOf(jobs: readonly JobView[], slots: number, memory = createHoldMemory()) {
  const store = aStore({ backends: [aState({ slots })], lanes: [aLane(jobs)] });
  return commitIn(store, aConfig({ routing: NO_OVERFLOW }), memory).commit;
}
const waiting = (number: number, forMs: number): JobView => aJob(number, { queuedAtMs: NOW_MS - forMs });
const actionsOf = ({ holds }: ReturnType<typeof commitOf>): readonly (readonly [string, string])[] =>
  holds.map(({ job, decision }) => [job, unpackDecision(decision)?.why ?? '']);

test('an assignment carries what the commit checks again: fence, slots, location, tokens, charge, and what was predicted', () => {
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
      weight: 1,
      predictedFinishAtMs: expect.any(Number) as number,
      predictedOutputTokens: 50,
    },
  ]);
  const decision = unpackDecision(assignments[0]?.decision ?? '');
  expect(decision).toMatchObject({ action: 'assign', fence: 4, epoch: EPOCH });
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
  const { commit, told } = commitIn(store);
  const { rejections } = commit;
  expect(told).toMatchObject([{ action: 'reject' }]);
  expect(rejections).toMatchObject([{ job: aJob(1).id, fence: 2 }]);
  expect(rejections[0]?.detail).toContain('of a window of 100');
});

test('tokens are bounded by what the KV cache may be promised, and a price says what was saved', () => {
  const roomy = { ...aState().descriptor, kvCapacityTokens: 40_000, profile: { ...RTX_4090, samples: 90 } };
  const backends = [aState({ descriptor: roomy }), aCloudState()];
  const config = aConfig({ routing: { kv_headroom: 0.5 } });
  const { commit } = commitIn(aStore({ backends, lanes: [aLane([aJob(1)])] }), config);
  expect(commit.assignments).toMatchObject([
    {
      backend: gpu,
      kvLimit: 20_000,
      counterfactual: { inputUsdPerMillion: 1, outputUsdPerMillion: 4 },
    },
  ]);
});

test('tenants of another weight than 1 are named, whoever waits', () => {
  const config = aConfig({ tenants: { acme: { weight: 3 }, plain: {} } });
  expect(commitIn(aStore(), config).commit.weights).toEqual([['acme', 3]]);
});

test('fresh jobs that the plan has looked at are fresh no more', () => {
  const lane = aLane([], { depth: 9 });
  const fresh = [{ laneKey: lane.key, job: aJob(5), ahead: 8 }];
  const store = aStore({ backends: [aState({ held: 4 })], lanes: [lane], fresh });
  expect(commitIn(store).commit.looked).toEqual([aJob(5).id]);
});
