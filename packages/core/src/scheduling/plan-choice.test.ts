import { describe, expect, test } from 'vitest';
import { RTX_4090 } from '../prediction/engine-profile.ts';
import { given } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import {
  aBackend,
  aCloud,
  aJob,
  aLane,
  aSnapshot,
  jobs,
  NOW_MS,
  overflowPolicy,
  tenantId,
} from './snapshot.fixtures.ts';
import type { BackendView, JobView, LaneView, Snapshot } from './snapshot.ts';

const profile = { ...RTX_4090, samples: 100 };
const urgent: Partial<JobView> = { submittedAtMs: NOW_MS, deadlineAtMs: NOW_MS + 30_000 };

/** What a plan gives whichever way round backends and lanes are listed. */
function givenEitherWay(
  backends: readonly BackendView[],
  lanes: readonly LaneView[],
  changes: Partial<Snapshot> = {},
): readonly string[] {
  const one = given(plan(aSnapshot(backends, lanes, changes)));
  const other = given(plan(aSnapshot(backends.toReversed(), lanes.toReversed(), changes)));
  expect(other).toEqual(one);
  return one;
}

describe('what is listed first decides nothing', () => {
  test('between clouds that score alike, the one that holds less is chosen, then the id', () => {
    const [a, b] = [aCloud('cloud-a'), aCloud('cloud-b')];
    expect(givenEitherWay([a, b], [aLane(jobs(1))])).toEqual(['1 → cloud-a']);
    expect(givenEitherWay([{ ...a, heldTokens: 10 }, b], [aLane(jobs(1))])).toEqual(['1 → cloud-b']);
  });

  test('of backends with as much free memory, the one kept for a long prompt is the first by id', () => {
    const policy = overflowPolicy({ mode: 'off' });
    const half = { kvCapacityTokens: 1000, held: 1, heldTokens: 300 };
    const long = aLane([aJob(1, { inputTokens: 700 })], { jobClass: 'interactive' });
    const lanes = [long, aLane(jobs(1, 2), { tenantId: tenantId('short') })];
    expect(givenEitherWay([aBackend('gpu-a', half), aBackend('gpu-b', half)], lanes, { policy })).toEqual([
      '2 → gpu-b',
    ]);
  });

  test('of fresh jobs as far back in their lanes, the one that came first goes to the cloud', () => {
    const full = aBackend('gpu-0', { profile, slots: 32, held: 32, heldTokens: 32 * 1000 });
    const crowd = { jobClass: 'interactive', depth: 300, inputTokens: 300_000 } as const;
    const lanes = [tenantId('a'), tenantId('b')].map((id) => aLane([], { ...crowd, tenantId: id }));
    const fresh = lanes.map(({ key }, index) => ({ laneKey: key, job: aJob(2 - index, urgent), ahead: 299 }));
    const backends = [full, aCloud('cloud-0', { slots: 1 })];
    expect(givenEitherWay(backends, lanes, { fresh })).toEqual(['1 → cloud-0']);
    expect(givenEitherWay(backends, lanes, { fresh: fresh.toReversed() })).toEqual(['1 → cloud-0']);
  });
});

describe('a job that may use the cloud at any time', () => {
  test('goes there at once when nothing else has room', () => {
    const full = aBackend('gpu-0', { profile, held: 4 });
    const lane = aLane([aJob(1, { ...urgent, strategy: 'fast' })]);
    expect(given(plan(aSnapshot([full, aCloud('cloud-0')], [lane])))).toEqual(['1 → cloud-0']);
  });
});

describe('a job that is to make room for a pinned one', () => {
  test('takes the room itself where the cloud would be late', () => {
    const slow = { firstTokenMs: { p50: 40_000, p95: 50_000 }, perTokenMs: 1, samples: 9 };
    const busy = aBackend('gpu-0', { profile, slots: 32, held: 31, heldTokens: 31_000 });
    const pinned = aLane(jobs(1, 50, { submittedAtMs: NOW_MS - 100_000, deadlineAtMs: NOW_MS + 200_000 }), {
      pinned: true,
      depth: 600,
      inputTokens: 900_000,
    });
    const lane = aLane(jobs(1, 1, urgent), { jobClass: 'interactive' });
    const ask = (cloud: BackendView) => given(plan(aSnapshot([busy, cloud], [lane, pinned])));
    expect(ask(aCloud('cloud-0'))).toEqual(['1 → cloud-0', '50 → gpu-0']);
    expect(ask(aCloud('cloud-0', { latency: slow }))).toEqual(['1 → gpu-0']);
  });
});
