import { describe, expect, test } from 'vitest';
import { openModelGroup } from './model-group.ts';
import { decideOverflow, overflowOf } from './overflow.ts';
import { aBackend, aCloud, aJob, aLane, aSnapshot, MODEL, overflowPolicy } from './snapshot.fixtures.ts';
import { DEFAULT_POLICY } from './snapshot.ts';

const local = [aBackend('gpu-0')];
const down = (forMs: number) =>
  aBackend('gpu-0', { health: { kind: 'down', forMs, because: 'no heartbeat' } });

describe('overflow of a model group', () => {
  test('begins above 40 waiting jobs, and says so', () => {
    expect(decideOverflow(40, false, local, DEFAULT_POLICY)).toEqual({
      open: false,
      overflowing: false,
      trigger: 'local',
      because: '40 jobs wait: overflow begins above 40',
    });
    expect(decideOverflow(41, false, local, DEFAULT_POLICY)).toEqual({
      open: true,
      overflowing: true,
      trigger: 'overflow',
      because: '41 jobs wait: overflow began above 40 and ends below 10',
    });
  });

  test('once begun it goes on down to 10 waiting jobs and ends below', () => {
    const states = [41, 40, 10, 9].map((depth) => decideOverflow(depth, true, local, DEFAULT_POLICY).open);
    expect(states).toEqual([true, true, true, false]);
  });

  test('a depth that swings between the two numbers never changes the answer', () => {
    for (const before of [false, true]) {
      let overflowing: boolean = before;
      for (const depth of [10, 40, 25, 39, 11]) {
        overflowing = decideOverflow(depth, overflowing, local, DEFAULT_POLICY).overflowing;
        expect(overflowing).toBe(before);
      }
    }
  });

  test('switched off, it stays closed at any depth and with every local backend down', () => {
    const off = overflowPolicy({ mode: 'off' });
    const closed = { open: false, overflowing: false, trigger: 'local', because: 'overflow is switched off' };
    expect(decideOverflow(10_000, true, local, off)).toEqual(closed);
    expect(decideOverflow(10_000, true, [down(1e9)], off)).toEqual(closed);
  });

  test('a group that no local backend serves is the cloud’s, also when switched off', () => {
    for (const policy of [DEFAULT_POLICY, overflowPolicy({ mode: 'off' })]) {
      expect(decideOverflow(1, true, [], policy)).toEqual({
        open: true,
        overflowing: false,
        trigger: 'cloud-only',
        because: 'no local backend serves this model',
      });
    }
  });

  test('it opens when every local backend has been down for longer than the limit', () => {
    expect(decideOverflow(1, false, [down(20_000)], DEFAULT_POLICY).open).toBe(false);
    expect(decideOverflow(1, false, [down(20_001), down(60_000)], DEFAULT_POLICY)).toEqual({
      open: true,
      overflowing: true,
      trigger: 'overflow',
      because: 'every local backend of this model has been down for 20 s',
    });
  });

  test('one local backend that is up, or down for a moment only, keeps it closed', () => {
    expect(decideOverflow(1, false, [down(1e9), aBackend('gpu-1')], DEFAULT_POLICY).open).toBe(false);
    expect(decideOverflow(1, false, [down(1e9), down(5000)], DEFAULT_POLICY).open).toBe(false);
  });
});

describe('overflow of one job', () => {
  const small = aBackend('gpu-0', { contextTokens: 1000 });
  const long = { inputTokens: 5000 };
  const open = (
    job: Parameters<typeof aJob>[1],
    backends = [small, aCloud('cloud-0')],
    lane: Parameters<typeof aLane>[1] = {},
  ) => {
    const snapshot = aSnapshot(backends, []);
    return overflowOf(aJob(1, job), aLane([], lane), openModelGroup(MODEL, snapshot), DEFAULT_POLICY);
  };

  test('a job that some local backend could run waits with its group', () => {
    expect(open({})).toMatchObject({ open: false, trigger: 'local' });
    expect(open(long, [small, aBackend('gpu-1')])).toMatchObject({ open: false, trigger: 'local' });
  });

  test('a job that asks for the cloud gets it at any depth', () => {
    expect(open({ strategy: 'cloud_only' })).toEqual({
      open: true,
      overflowing: false,
      trigger: 'cloud-only',
      because: 'the job asks for cloud_only',
    });
  });

  test('a job too long for every local backend is the cloud’s', () => {
    expect(open(long)).toEqual({
      open: true,
      overflowing: false,
      trigger: 'cloud-only',
      because: 'no local backend could run this job',
    });
  });

  test('a pinned or self-hosted job is not, however long', () => {
    expect(open({ ...long, strategy: 'self_hosted_only' })).toMatchObject({ open: false, trigger: 'local' });
    expect(open(long, undefined, { pinned: true })).toMatchObject({ open: false, trigger: 'local' });
  });

  test('where no local backend serves the model, the group’s reason is the job’s', () => {
    expect(open({ strategy: 'cloud_only' }, [aCloud('cloud-0')])).toMatchObject({
      open: true,
      because: 'no local backend serves this model',
    });
  });
});
