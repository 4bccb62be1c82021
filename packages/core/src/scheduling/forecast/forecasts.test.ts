import { describe, expect, test } from 'vitest';
import { outputLengthKey } from '../../prediction/output-length.ts';
import { aBackend, aCloud, aJob, aLane, aSnapshot, jobs, MODEL, tenantId } from '../snapshot.fixtures.ts';
import type { BackendView, LaneView, Snapshot } from '../snapshot.ts';
import { localMs } from './forecasts.fixtures.ts';
import { forecastGroups, openForecasts } from './forecasts.ts';
import { ORDINARY_PROMPT } from './pool.ts';

/** One that takes 1 ms for a prompt token, and 10 ms for a step whatever is in it. */
const profile = {
  baseMs: 10,
  perSequenceMs: 0,
  perPrefillTokenMs: 1,
  prefillFactor: 1,
  decodeFactor: 1,
  samples: 100,
};
const gpu = (name: string, changes: Partial<BackendView> = {}): BackendView =>
  aBackend(name, { profile, slots: 10, ...changes });
const lengths = new Map([[outputLengthKey('*', MODEL, '*'), { p50: 100, p90: 300, mean: 100, samples: 50 }]]);
/** 100 prompt tokens and 100 answer tokens on ten slots: 100 + 100 x 10/10 ms. */
const JOB_MS = 200;

const wait = (
  backends: readonly BackendView[],
  lanes: readonly LaneView[],
  before = 0,
  changes: Partial<Snapshot> = {},
): number => {
  const snapshot = aSnapshot(backends, lanes, { outputLengths: lengths, ...changes });
  const [lane] = lanes;
  if (lane === undefined) throw new Error('no lane');
  const forecasts = openForecasts(snapshot);
  const idle = aLane([], { ...lane, depth: 0, inputTokens: 0 });
  const job = aJob(1, { outputTokens: 1000 });
  const empty = openForecasts(aSnapshot(backends, [idle], { outputLengths: lengths }));
  // What waiting adds to the time on an idle machine.
  return localMs(forecasts, lane, job, before) - localMs(empty, idle, job);
};

describe('how long local hardware will take', () => {
  test('the jobs before it in its lane, one after another, or on two backends at once', () => {
    expect(wait([gpu('a')], [aLane(jobs(5))], 3)).toBeCloseTo(3 * JOB_MS, 6);
    expect(wait([gpu('a'), gpu('b')], [aLane(jobs(5))], 4)).toBeCloseTo((4 * JOB_MS) / 2, 6);
  });

  test('all of the more urgent classes, and the pinned jobs of its own', () => {
    const own = aLane(jobs(1));
    const urgent = aLane(jobs(2), { jobClass: 'interactive' });
    const pinned = aLane(jobs(3), { pinned: true });
    const later = aLane(jobs(4), { jobClass: 'batch' });
    expect(wait([gpu('a')], [own, urgent, pinned, later])).toBeCloseTo(5 * JOB_MS, 6);
    expect(wait([gpu('a')], [pinned, own, urgent, later])).toBeCloseTo(2 * JOB_MS, 6);
  });

  test('of other tenants as much as its own tenant is served meanwhile, by weight', () => {
    const own = aLane(jobs(9), { tenantId: tenantId('a') });
    const flood = aLane(jobs(50), { tenantId: tenantId('b') });
    expect(wait([gpu('a')], [own, flood], 4)).toBeCloseTo((4 + 4) * JOB_MS, 6);
    const tenants = new Map([[tenantId('b'), { weight: 2, virtualTokens: 0 }]]);
    expect(wait([gpu('a')], [own, flood], 4, { tenants })).toBeCloseTo((4 + 8) * JOB_MS, 6);
  });

  test('of a group that shares half of its backends, half of what waits', () => {
    const modelGroups = new Map([
      [MODEL, [MODEL]],
      ['any', [MODEL, 'other']],
      ['far', ['elsewhere']],
    ]);
    const backends = [gpu('a'), gpu('b', { models: ['other'] }), gpu('c', { models: ['elsewhere'] })];
    const far = aLane(jobs(9), { modelGroup: 'far', jobClass: 'interactive' });
    const any = aLane(jobs(4), { modelGroup: 'any', jobClass: 'interactive' });
    const known = new Map([
      ...lengths,
      [outputLengthKey('*', 'any', '*'), { p50: 100, p90: 300, mean: 100, samples: 50 }],
    ]);
    const ahead = wait([...backends], [aLane(jobs(1)), any, far], 0, { modelGroups, outputLengths: known });
    expect(ahead).toBeCloseTo(2 * JOB_MS, 6);
  });

  test('nobody can tell while no local backend works', () => {
    const down = gpu('a', { health: { kind: 'down', forMs: 1, because: 'no heartbeat' } });
    const forecasts = openForecasts(aSnapshot([down], [aLane(jobs(1))]));
    expect(localMs(forecasts, aLane(jobs(1)), aJob(1))).toBe(Infinity);
  });

  test('a lane that came after the snapshot counts for nothing', () => {
    const forecasts = openForecasts(aSnapshot([gpu('a')], [], { outputLengths: lengths }));
    const late = aLane(jobs(4));
    expect(forecasts.backlogOf(forecasts.poolOf(MODEL)).workAhead(late, 2, 'standard')).toBe(0);
  });
});

const told = (backends: readonly BackendView[], lanes: readonly LaneView[] = []) => {
  const snapshot = aSnapshot(backends, lanes, { outputLengths: lengths });
  return forecastGroups(snapshot, openForecasts(snapshot));
};

describe('what clients are told of a model group', () => {
  test('what one more job in front costs, and how long a job takes; also while nothing waits', () => {
    // Ten answers of 100 tokens, and the prompts of the nine that join meanwhile: like those it holds.
    const busy = gpu('a', { held: 2, heldTokens: 400 });
    expect(told([busy], [aLane(jobs(4))])).toEqual([
      { modelGroup: MODEL, jobMs: JOB_MS, residenceMs: 100 + 10 + 100 * 10 + 9 * 100 },
    ]);
    const idle = told([gpu('a')], [aLane(jobs(4))]);
    expect(idle[0]?.residenceMs).toBeCloseTo(100 + 10 + 100 * 10 + 9 * ORDINARY_PROMPT, 6);
    expect(told([gpu('a'), gpu('b')])[0]?.jobMs).toBeCloseTo((ORDINARY_PROMPT + 100) / 2, 6);
  });

  test('the time of the fastest cloud where no local backend works, and nothing where nobody does', () => {
    const latency = { firstTokenMs: { p50: 500, p95: 900 }, perTokenMs: 5, samples: 9 };
    expect(told([aCloud('cloud-0', { latency }), aCloud('cloud-1')])).toEqual([
      { modelGroup: MODEL, jobMs: 0, residenceMs: 1000 },
    ]);
    expect(told([])).toEqual([]);
  });
});
