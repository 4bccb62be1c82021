import { describe, expect, test } from 'vitest';
import type { BackendId } from '../id/name.ts';
import { given } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import { aBackend, aJob, aLane, aSnapshot, backendId, jobs, overflowPolicy } from './snapshot.fixtures.ts';
import type { JobView } from './snapshot.ts';

const long: Partial<JobView> = { inputTokens: 5000, prefix: [1, 2, 3, 4] };
const cachedOn =
  (...names: readonly string[]) =>
  (id: BackendId, prefix: readonly number[]): number =>
    names.map(backendId).includes(id) ? prefix.length : 0;

describe('prefix affinity', () => {
  test('a job goes where its beginning is cached, and the prediction counts it', () => {
    const backends = [aBackend('gpu-0'), aBackend('gpu-1')];
    const prefixes = { matchedBlocks: cachedOn('gpu-1') };
    const made = plan(aSnapshot(backends, [aLane([aJob(1, long)])], { prefixes }));
    expect(given(made)).toEqual(['1 → gpu-1']);
    expect(made.assignments[0]?.prediction.cachedTokens).toBe(2048);
  });

  test('the last prompt token is computed however much is cached', () => {
    const prefixes = { matchedBlocks: cachedOn('gpu-0') };
    const lane = aLane([aJob(1, { ...long, inputTokens: 1000 })]);
    const made = plan(aSnapshot([aBackend('gpu-0')], [lane], { prefixes }));
    expect(made.assignments[0]?.prediction.cachedTokens).toBe(999);
  });

  test('not to a backend that holds more than its share: there, the cache counts for nothing', () => {
    const backends = [
      aBackend('gpu-0', { held: 1, heldTokens: 20_000 }),
      aBackend('gpu-1', { held: 1, heldTokens: 100 }),
    ];
    const prefixes = { matchedBlocks: cachedOn('gpu-0') };
    expect(given(plan(aSnapshot(backends, [aLane([aJob(1, long)])], { prefixes })))).toEqual(['1 → gpu-1']);
  });

  test('prompts given to an engine in one plan are computed one after another, so the next one goes elsewhere', () => {
    const backends = [aBackend('gpu-0'), aBackend('gpu-1')];
    expect(given(plan(aSnapshot(backends, [aLane(jobs(2, 1, long))])))).toEqual(['1 → gpu-0', '2 → gpu-1']);
  });
});

const batch = (prefixes: readonly (readonly number[])[]) =>
  aLane(
    prefixes.map((prefix, index) => aJob(index + 1, { prefix })),
    { jobClass: 'batch' },
  );
const order = (prefixes: readonly (readonly number[])[], groupRun: number): readonly string[] =>
  given(
    plan(
      aSnapshot([aBackend('gpu-0', { slots: 100 })], [batch(prefixes)], {
        policy: { ...overflowPolicy({}), groupRun },
      }),
    ),
  ).map((text) => text.split(' ')[0] ?? '');

describe('runs of batch work', () => {
  test('jobs that begin alike follow each other, the others keep their order', () => {
    expect(order([[1], [2], [1, 5], [], [2], [1]], 16)).toEqual(['1', '3', '6', '2', '5', '4']);
  });

  test('a run has a longest length, after which the front of the lane has its turn', () => {
    expect(order([[1], [2], [1], [1], [2]], 2)).toEqual(['1', '3', '2', '5', '4']);
    expect(order([[1], [2], [1]], 1)).toEqual(['1', '2', '3']);
  });

  test('only batch work is grouped', () => {
    const lane = aLane([aJob(1, { prefix: [1] }), aJob(2, { prefix: [2] }), aJob(3, { prefix: [1] })]);
    expect(given(plan(aSnapshot([aBackend('gpu-0')], [lane])))).toEqual([
      '1 → gpu-0',
      '2 → gpu-0',
      '3 → gpu-0',
    ]);
  });
});
