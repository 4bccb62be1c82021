import { describe, expect, test } from 'vitest';
import { given, numbers } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import { aBackend, aCloud, aJob, aLane, aSnapshot, backendId, jobs, MODEL } from './snapshot.fixtures.ts';

const suspect = { rescues: 2 };
const why = 'gpu-0: holds another job on its last chance, as this one is after 2 crashes';

describe('jobs on their last chance', () => {
  test('go one at a time to a backend, and the jobs behind them go beside the first', () => {
    const result = plan(aSnapshot([aBackend('gpu-0')], [aLane([...jobs(3, 1, suspect), ...jobs(4, 4)])]));
    expect(given(result)).toEqual(['1 → gpu-0', '4 → gpu-0', '5 → gpu-0', '6 → gpu-0']);
    expect(result.holds.map(({ explanation }) => explanation.why)).toEqual([why, 'gpu-0: holds 4 of 4 jobs']);
    expect(numbers(result.holds)).toEqual([2, 7]);
  });

  test('wait while one runs, at the front of their lane and in the way of none', () => {
    const busy = aBackend('gpu-0', { held: 1, suspects: 1 });
    const result = plan(aSnapshot([busy], [aLane([...jobs(2, 1, suspect), ...jobs(2, 3)])]));
    expect(given(result)).toEqual(['3 → gpu-0', '4 → gpu-0']);
    expect(numbers(result.holds)).toEqual([1]);
    const after = plan(
      aSnapshot([aBackend('gpu-0', { held: 3 })], [aLane([...jobs(2, 1, suspect), aJob(3)])]),
    );
    expect(given(after)).toEqual(['1 → gpu-0']);
  });

  test('of all lanes count together: the order of service says whose turn it is', () => {
    const lanes = [aLane(jobs(1, 1, suspect)), aLane(jobs(1, 2, suspect), { jobClass: 'interactive' })];
    expect(given(plan(aSnapshot([aBackend('gpu-0')], lanes)))).toEqual(['2 → gpu-0']);
  });

  test('spread over backends: each takes one', () => {
    const backends = [aBackend('gpu-0'), aBackend('gpu-1')];
    expect(given(plan(aSnapshot(backends, [aLane(jobs(3, 1, suspect))])))).toEqual([
      '1 → gpu-0',
      '2 → gpu-1',
    ]);
  });

  test('wait for the backend they may have rather than go back to one that failed', () => {
    const backends = [aBackend('gpu-0'), aBackend('gpu-1', { held: 1, suspects: 1 })];
    const failed = aJob(1, { ...suspect, excluded: [backendId('gpu-0')] });
    expect(given(plan(aSnapshot(backends, [aLane([failed])])))).toEqual([]);
  });

  test('held for different reasons do not hold each other: the second may fit a backend too small for the first', () => {
    const small = aBackend('gpu-0', { contextTokens: 1000, held: 1, suspects: 1 });
    const head = [aJob(1, { ...suspect, inputTokens: 5000 }), aJob(2, suspect)];
    const large = aBackend('gpu-1', { held: 1, suspects: 1 });
    const other = aBackend('gpu-2', { contextTokens: 1000 });
    expect(given(plan(aSnapshot([small, large, other], [aLane(head)])))).toEqual(['2 → gpu-2']);
  });

  test('may use the cloud when it is open, one at a time there, too', () => {
    const backends = [aBackend('gpu-0', { held: 1, suspects: 1 }), aCloud('cloud-0')];
    const lanes = [aLane(jobs(2, 1, suspect), { depth: 30 })];
    expect(given(plan(aSnapshot(backends, lanes)))).toEqual([]);
    const overflowing = new Map([[MODEL, 5]]);
    expect(given(plan(aSnapshot(backends, lanes, { overflowing })))).toEqual(['1 → cloud-0']);
  });
});
