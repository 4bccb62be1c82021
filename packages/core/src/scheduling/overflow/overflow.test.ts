import { describe, expect, test } from 'vitest';
import { RTX_4090 } from '../../prediction/engine-profile.ts';
import { openPool } from '../forecast/pool.ts';
import type { SchedulingPolicy } from '../policy.ts';
import type { BackendView, JobView, LaneView } from '../snapshot.ts';
import { aBackend, aJob, aLane, MODEL, NOW_MS, overflowPolicy, POLICY } from '../snapshot.fixtures.ts';
import { decideDepth, depthBounds } from './decide-depth.ts';
import { decideOverflow, type OverflowContext } from './decide-overflow.ts';
import { NOT_ASKED } from './overflow-state.ts';
import { lateByMs } from './decide-slack.ts';

const down = (forMs: number): BackendView =>
  aBackend('gpu-0', { health: { kind: 'down', forMs, because: 'no heartbeat' } });
const learned = { profile: { ...RTX_4090, samples: 50 } };

const boundsOf = (...backends: readonly BackendView[]) =>
  depthBounds(POLICY.overflow, openPool('', backends));

describe('depth', () => {
  const { overflow } = POLICY;
  const since = (depth: number, sinceMs: number | undefined): number | undefined =>
    decideDepth(depth, sinceMs, overflow, NOW_MS);

  test('begins above 40 waiting jobs, goes on down to 10, ends below', () => {
    expect([since(40, undefined), since(41, undefined)]).toEqual([undefined, NOW_MS]);
    expect([41, 40, 10, 9].map((depth) => since(depth, 5))).toEqual([5, 5, 5, undefined]);
  });

  test('is of one backend: twice as many may wait for two that work; one that does not is none', () => {
    expect(boundsOf(aBackend('gpu-0'))).toEqual({ enter: 40, leave: 10 });
    expect(boundsOf(aBackend('gpu-0'), aBackend('gpu-1'))).toEqual({ enter: 80, leave: 20 });
    expect(boundsOf(down(1), aBackend('gpu-1'))).toEqual({ enter: 40, leave: 10 });
    expect(boundsOf(down(1))).toEqual({ enter: 40, leave: 10 });
  });

  test('a depth that swings between the two numbers never changes the answer', () => {
    for (const before of [undefined, 7]) {
      let current: number | undefined = before;
      for (const depth of [10, 40, 25, 39, 11]) current = since(depth, current);
      expect(current).toBe(before);
    }
  });
});

test('slack: late is what is ready after the deadline less the margin', () => {
  const job = { submittedAtMs: 0, deadlineAtMs: 30_000 };
  expect([lateByMs(15_000, job, 0.5), lateByMs(15_001, job, 0.5), lateByMs(30_001, job, 0)]).toEqual([
    0, 1, 1,
  ]);
});

const decide = (
  changes: Partial<OverflowContext> & { readonly backends?: readonly BackendView[] } = {},
  job: Partial<JobView> = {},
  lane: Partial<LaneView> = {},
) => {
  const { backends = [aBackend('gpu-0', learned)], ...context } = changes;
  const state = decideOverflow(aJob(1, job), aLane([], lane), {
    nowMs: NOW_MS,
    policy: POLICY,
    pool: openPool('', backends),
    models: [MODEL],
    depth: 3,
    sinceMs: undefined,
    localFinishAtMs: NOW_MS + 10_000,
    displaced: false,
    ...context,
  });
  return { open: state.open, trigger: state.trigger, because: state.because() };
};
const withOverflow = (changes: Partial<SchedulingPolicy['overflow']>) => ({
  policy: overflowPolicy(changes),
});

describe('whether a job may use the cloud', () => {
  test('not while local hardware is in time, and it says by how much', () => {
    expect(decide()).toEqual({
      open: false,
      trigger: 'local',
      because: 'local hardware would be ready in 10 s: in time, due in 60 s with a margin of 0.5',
    });
  });

  test('once local hardware would be ready too close to the deadline', () => {
    expect(decide({ localFinishAtMs: NOW_MS + 29_501 })).toEqual({
      open: true,
      trigger: 'slack',
      because: 'local hardware would be ready in 30 s, due in 60 s with a margin of 0.5',
    });
  });

  test('when a pinned job needs the room', () => {
    expect(decide({ displaced: true })).toMatchObject({ open: true, trigger: 'displaced' });
  });

  test('nobody is told of an overflow that was not asked for', () => {
    expect([NOT_ASKED.open, NOT_ASKED.because()]).toEqual([false, 'not asked']);
  });

  test('by depth while too little is known of the engine, and when the configuration says so', () => {
    const blind = { backends: [aBackend('gpu-0', { profile: { ...RTX_4090, samples: 49 } })] };
    expect(decide({ ...blind, localFinishAtMs: NOW_MS + 1e6 })).toEqual({
      open: false,
      trigger: 'local',
      because: '3 jobs wait: overflow begins above 40 (by depth: 49 of 50 completions are known)',
    });
    expect(decide({ ...withOverflow({ mode: 'depth' }), sinceMs: 1 })).toEqual({
      open: true,
      trigger: 'depth',
      because: '3 jobs wait: overflow began above 40 and ends below 10',
    });
  });

  test('switched off, never: not even with every local backend down', () => {
    const closed = { open: false, trigger: 'local', because: 'overflow is switched off' };
    expect(decide({ ...withOverflow({ mode: 'off' }), localFinishAtMs: Infinity })).toEqual(closed);
    expect(decide({ ...withOverflow({ mode: 'off' }), backends: [down(1e9)] })).toEqual(closed);
  });

  test('a model that no local backend serves is the cloud\u2019s, also when overflow is switched off', () => {
    const answer = { open: true, trigger: 'cloud-only', because: 'no local backend serves this model' };
    expect(decide({ backends: [] })).toEqual(answer);
    expect(decide({ backends: [], ...withOverflow({ mode: 'off' }) })).toEqual(answer);
  });

  test('when every local backend has been down for longer than the limit, and not before', () => {
    const passing = { localFinishAtMs: Infinity, policy: POLICY };
    expect(decide({ ...passing, backends: [{ ...down(20_000), ...learned }] })).toMatchObject({
      open: false,
    });
    expect(decide({ ...passing, backends: [down(20_001), down(60_000)] })).toEqual({
      open: true,
      trigger: 'local-down',
      because: 'every local backend of this model has been down for 20 s',
    });
    expect(decide({ backends: [down(1e9), aBackend('gpu-1', learned)] })).toMatchObject({ open: false });
  });

  test('while no engine works for a moment it stays closed, whatever was learned before', () => {
    const none = { ...openPool('', [aBackend('gpu-0', learned)]), working: 0 };
    expect(decide({ pool: none, localFinishAtMs: Infinity })).toEqual({
      open: false,
      trigger: 'local',
      because: 'no local backend works, which may pass',
    });
    const soon = { deadlineAtMs: NOW_MS + 500 };
    expect(decide({ pool: none, localFinishAtMs: Infinity }, soon)).toMatchObject({
      open: true,
      trigger: 'slack',
    });
  });

  test('a job too long for every local backend is the cloud\u2019s, unless it may not leave', () => {
    const small = { backends: [aBackend('gpu-0', { ...learned, contextTokens: 1000 })] };
    const long = { inputTokens: 5000 };
    expect(decide(small, long)).toMatchObject({ trigger: 'cloud-only' });
    expect(decide(small, { ...long, strategy: 'self_hosted_only' })).toMatchObject({ open: false });
    expect(decide(small, long, { pinned: true })).toMatchObject({ open: false });
  });

  test('nor does one wait whose quality no local model has', () => {
    const policy = { ...POLICY, quality: { [MODEL]: 0.6 } };
    expect(decide({ policy }, { minQuality: 0.7 })).toMatchObject({ open: true, trigger: 'cloud-only' });
    expect(decide({ policy }, { minQuality: 0.6 })).toMatchObject({ open: false });
    expect(decide({ policy, models: ['other'] })).toMatchObject({ trigger: 'cloud-only' });
  });

  test('the client\u2019s strategy may say so', () => {
    expect(decide({}, { strategy: 'cloud_only' })).toEqual({
      open: true,
      trigger: 'strategy',
      because: 'the job asks for cloud_only',
    });
    expect(decide({}, { strategy: 'fast' })).toMatchObject({ open: true, trigger: 'strategy' });
    const { fast } = POLICY.strategies;
    const policy = {
      ...POLICY,
      strategies: { ...POLICY.strategies, fast: { ...fast, cloud: 'never' } },
    } as const;
    expect(decide({ policy, localFinishAtMs: Infinity }, { strategy: 'fast' })).toEqual({
      open: false,
      trigger: 'local',
      because: 'strategy fast never uses the cloud',
    });
    expect(decide({}, { strategy: 'cost' })).toMatchObject({ open: false });
  });
});
