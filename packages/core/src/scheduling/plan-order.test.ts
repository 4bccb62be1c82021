import { describe, expect, test } from 'vitest';
import { given, numbers } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import {
  aBackend,
  aCloud,
  aJob,
  aLane,
  aSnapshot,
  backendId,
  jobId,
  jobs,
  MODEL,
  NOW_MS,
  POLICY,
  tenantId,
} from './snapshot.fixtures.ts';
import type { BackendView, LaneView } from './snapshot.ts';

const failedOn = (...names: readonly string[]) => [aLane([aJob(1, { excluded: names.map(backendId) })])];

describe('after a failure', () => {
  test('the job goes to another backend, and waits for it if it is only busy', () => {
    const free = plan(aSnapshot([aBackend('gpu-0'), aBackend('gpu-1', { held: 3 })], failedOn('gpu-0')));
    expect(given(free)).toEqual(['1 → gpu-1']);
    const cooling = aBackend('gpu-1', { coolingUntilMs: NOW_MS + 5000 });
    const wait = plan(aSnapshot([aBackend('gpu-0'), cooling], failedOn('gpu-0')));
    expect(wait.holds[0]?.explanation.why).toBe(
      'gpu-0: an attempt failed here and asked for another backend; gpu-1: cooling down for another 5 s',
    );
  });

  test('the cloud, where it is open, is better than the backend that failed; and busy local hardware than a cloud that did', () => {
    const overflowing = new Map([[MODEL, 5]]);
    const many = [{ ...(failedOn('gpu-0')[0] as LaneView), depth: 30 }];
    const open = plan(aSnapshot([aBackend('gpu-0'), aCloud('cloud-0')], many, { overflowing }));
    expect(given(open)).toEqual(['1 → cloud-0']);
    const cloudFailed = [{ ...(failedOn('cloud-0')[0] as LaneView), depth: 30 }];
    const full = aBackend('gpu-0', { held: 4 });
    expect(given(plan(aSnapshot([full, aCloud('cloud-0')], cloudFailed, { overflowing })))).toEqual([]);
    expect(given(plan(aSnapshot([aCloud('cloud-0')], cloudFailed)))).toEqual(['1 → cloud-0']);
  });

  test('nobody else left: the same backend again is better than none', () => {
    const down = aBackend('gpu-1', { health: { kind: 'down', forMs: 1, because: 'no heartbeat' } });
    expect(given(plan(aSnapshot([aBackend('gpu-0')], failedOn('gpu-0'))))).toEqual(['1 → gpu-0']);
    expect(given(plan(aSnapshot([aBackend('gpu-0'), down], failedOn('gpu-0'))))).toEqual(['1 → gpu-0']);
    const both = plan(
      aSnapshot([aBackend('gpu-0', { held: 1 }), aBackend('gpu-1')], failedOn('gpu-0', 'gpu-1')),
    );
    expect(given(both)).toEqual(['1 → gpu-1']);
  });
});

describe('unservable', () => {
  const small = aBackend('gpu-0', { contextTokens: 1000 });
  const long = { inputTokens: 5000 };

  test('a job too long for every backend is rejected, and those behind it are served', () => {
    const head = [aJob(1, long), aJob(2, long), aJob(3)];
    const result = plan(aSnapshot([small, aBackend('gpu-1', { models: ['other'] })], [aLane(head)]));
    expect(numbers(result.rejections)).toEqual([1, 2]);
    expect(result.rejections[0]?.explanation.why).toContain(
      'gpu-0: needs about 5300 tokens of a window of 1000',
    );
    expect(given(result)).toEqual(['3 → gpu-0']);
    expect(result.assignments[0]?.explanation.depth).toBe(1);
  });

  test('one backend that could take it, even one that is down, keeps it waiting', () => {
    const down = aBackend('gpu-1', { health: { kind: 'down', forMs: 1, because: 'no heartbeat' } });
    const result = plan(aSnapshot([small, down], [aLane([aJob(1, long)])]));
    expect(result).toMatchObject({ rejections: [], holds: [{ job: { id: jobId(1) } }] });
  });

  test('a backend the job may never use does not count as one that could take it', () => {
    const backends = [small, aCloud('cloud-0')];
    const pinned = plan(aSnapshot(backends, [aLane([aJob(1, long)], { pinned: true })]));
    expect(numbers(pinned.rejections)).toEqual([1]);
    const selfHosted = plan(
      aSnapshot(backends, [aLane([aJob(1, { ...long, strategy: 'self_hosted_only' })])]),
    );
    expect(numbers(selfHosted.rejections)).toEqual([1]);
  });

  test('a job of a quality that only the cloud has goes there, and is no job that nobody could run', () => {
    const models = new Map([['best', ['big', 'small']]]);
    const backends = [
      aBackend('gpu-0', { models: ['small'] }),
      aBackend('gpu-1', { models: ['small'], contextTokens: 100 }),
      aCloud('cloud-0', { models: ['big'] }),
    ];
    const lane = aLane([aJob(1, { minQuality: 0.65 })], { modelGroup: 'best' });
    const made = plan(aSnapshot(backends, [lane], { modelGroups: models }));
    expect(given(made)).toEqual(['1 → cloud-0']);
    expect(made.rejections).toEqual([]);
  });

  test('a job that found no backend of its kind waits for one to come', () => {
    const result = plan(aSnapshot([aCloud('cloud-0')], [aLane([aJob(1, { strategy: 'self_hosted_only' })])]));
    expect(result).toMatchObject({ rejections: [], holds: [{ job: { id: jobId(1) } }] });
  });
});

describe('order and fairness', () => {
  const [first, second] = [tenantId('tenant-a'), tenantId('tenant-b')];

  test('interactive before standard before batch, whatever their deadlines', () => {
    const lanes = [
      aLane(jobs(1, 1, { submittedAtMs: NOW_MS, deadlineAtMs: NOW_MS + 1 }), { jobClass: 'batch' }),
      aLane(jobs(1, 2), { jobClass: 'standard' }),
      aLane(jobs(1, 3, { deadlineAtMs: NOW_MS + 1e9 }), { jobClass: 'interactive' }),
    ];
    expect(given(plan(aSnapshot([aBackend('gpu-0')], lanes))).map((text) => text[0])).toEqual([
      '3',
      '2',
      '1',
    ]);
  });

  test('two tenants share by tokens: turns change as each is charged', () => {
    const lanes = [aLane(jobs(4), { tenantId: first }), aLane(jobs(4, 5), { tenantId: second })];
    const result = plan(aSnapshot([aBackend('gpu-0')], lanes));
    expect(result.assignments.map(({ job }) => job.id)).toEqual([1, 5, 2, 6].map(jobId));
    expect(result.assignments.map(({ explanation }) => explanation.tenantVirtualTokens)).toEqual([
      0, 0, 200, 200,
    ]);
  });

  test('a tenant of three times the weight is served three times as often', () => {
    const lanes = [aLane(jobs(8), { tenantId: first }), aLane(jobs(8, 11), { tenantId: second })];
    const tenants = new Map([
      [first, { weight: 1, virtualTokens: 0 }],
      [second, { weight: 3, virtualTokens: 0 }],
    ]);
    const { assignments } = plan(aSnapshot([aBackend('gpu-0', { slots: 8 })], lanes, { tenants }));
    expect(assignments.filter(({ lane }) => lane.tenantId === second)).toHaveLength(6);
    expect(assignments.find(({ lane }) => lane.tenantId === second)?.virtualTokens).toBeCloseTo(200 / 3, 12);
  });

  test('what a tenant was charged before counts: the one served less goes first', () => {
    const lanes = [aLane(jobs(4), { tenantId: first }), aLane(jobs(4, 5), { tenantId: second })];
    const tenants = new Map([[first, { weight: 1, virtualTokens: 600 }]]);
    const result = plan(aSnapshot([aBackend('gpu-0')], lanes, { tenants }));
    expect(result.assignments.map(({ job }) => job.id)).toEqual([5, 6, 7, 1].map(jobId));
  });

  test('the lanes of one tenant are charged together', () => {
    const lanes = [
      aLane(jobs(2), { tenantId: first }),
      aLane(jobs(2, 3), { tenantId: first, modelGroup: 'other' }),
      aLane(jobs(2, 5), { tenantId: second }),
    ];
    const modelGroups = new Map([
      [MODEL, [MODEL]],
      ['other', [MODEL]],
    ]);
    const result = plan(aSnapshot([aBackend('gpu-0')], lanes, { modelGroups }));
    expect(result.assignments.map(({ job }) => job.id)).toEqual([1, 5, 2, 6].map(jobId));
  });
});

test('a tenant may be ahead by so much for each backend that works, and its pins still count', () => {
  const [ahead, behind] = [tenantId('ahead'), tenantId('behind')];
  const charged = 1.5 * POLICY.shareTolerance;
  const tenants = new Map([
    [ahead, { weight: 1, virtualTokens: charged }],
    [behind, { weight: 1, virtualTokens: 0 }],
  ]);
  const lanes = [
    aLane(jobs(1, 1), { tenantId: ahead, pinned: true }),
    aLane(jobs(1, 2), { tenantId: behind }),
  ];
  const first = (...backends: readonly BackendView[]): string | undefined =>
    given(plan(aSnapshot(backends, lanes, { tenants })))[0];
  const down = aBackend('gpu-1', { health: { kind: 'down', forMs: 1, because: 'no heartbeat' } });
  const free = aBackend('gpu-0', { held: 3 });
  expect(first(free)).toBe('2 → gpu-0');
  expect(first(free, down)).toBe('2 → gpu-0');
  expect(first(free, aBackend('gpu-1', { held: 4 }))).toBe('1 → gpu-0');
});

describe('when room runs out', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map(tenantId);
  const served = [4, 1, 6, 3, 5, 2];
  const tenants = new Map(
    names.map((name, index) => [name, { weight: 1, virtualTokens: 1e6 * (served[index] ?? 0) }]),
  );
  const lanes = names.map((name, index) => aLane(jobs(1, served[index]), { tenantId: name }));

  test('each job that is held is told its place in line, which nobody was put in until they asked', () => {
    const made = plan(aSnapshot([aBackend('gpu-0', { held: 3 })], lanes, { tenants }));
    expect(given(made)).toEqual(['1 → gpu-0']);
    const ranks = made.holds.map(({ job, explanation }) => [explanation.rank, job.id] as const);
    expect(ranks.toSorted(([a], [b]) => a - b)).toEqual(
      [2, 3, 4, 5, 6].map((place) => [place, jobId(place)]),
    );
  });

  test('so is each that is assigned later, in a group that still has room', () => {
    const modelGroups = new Map([
      [MODEL, [MODEL]],
      ['other', ['other']],
    ]);
    const other = aLane(jobs(1, 7), { tenantId: tenantId('g'), modelGroup: 'other' });
    const known = new Map([...tenants, [tenantId('g'), { weight: 1, virtualTokens: 2.5e6 }]]);
    const backends = [aBackend('gpu-0', { held: 4 }), aBackend('gpu-1', { models: ['other'] })];
    const made = plan(aSnapshot(backends, [...lanes, other], { tenants: known, modelGroups }));
    expect(given(made)).toEqual(['7 → gpu-1']);
    const all = [...made.assignments, ...made.holds].map(({ job, explanation }) => [
      explanation.rank,
      job.id,
    ]);
    expect(new Map(all as [number, string][])).toEqual(
      new Map([1, 2, 7, 3, 4, 5, 6].map((job, index) => [index + 1, jobId(job)])),
    );
  });

  test('whoever would leave for the cloud still goes in the order of the line', () => {
    const cloudOnly = names.map((name, index) =>
      aLane(jobs(1, served[index], { strategy: index % 2 === 0 ? 'cloud_only' : 'auto' }), {
        tenantId: name,
      }),
    );
    const backends = [aBackend('gpu-0', { held: 4 }), aCloud('cloud-0', { slots: 2 })];
    const made = plan(aSnapshot(backends, cloudOnly, { tenants }));
    expect(given(made)).toEqual(['4 → cloud-0', '5 → cloud-0']);
  });

  test('lanes with jobs that the snapshot does not show wait like any other', () => {
    const deep = lanes.map((lane) => ({ ...lane, depth: 3, inputTokens: 300 }));
    const made = plan(aSnapshot([aBackend('gpu-0', { held: 3 })], deep));
    expect(given(made)).toEqual(['1 → gpu-0']);
    expect(made.holds).toHaveLength(5);
    expect(made.unfinished).toBe(false);
  });
});

describe('jobs that the snapshot does not show', () => {
  const behind = { depth: 9, inputTokens: 900 };
  const others = aLane(jobs(3, 10), { jobClass: 'batch' });

  test('keep the room that is theirs from those with less of a claim, and another plan is asked for', () => {
    const made = plan(aSnapshot([aBackend('gpu-0')], [aLane(jobs(2), behind), others]));
    expect(given(made)).toEqual(['1 → gpu-0', '2 → gpu-0']);
    expect(made.unfinished).toBe(true);
    expect(numbers(made.holds)).toContain(10);
    expect(made.holds.at(-1)?.explanation.why).toBe('gpu-0: its room is for jobs whose turn comes first');
  });

  test('keep nothing on the backends of another model, nor when they are the cloud\u2019s', () => {
    const modelGroups = new Map([
      [MODEL, [MODEL]],
      ['other', ['other']],
    ]);
    const backends = [aBackend('gpu-0'), aBackend('gpu-1', { models: ['other'] }), aCloud('cloud-0')];
    const elsewhere = aLane(jobs(1, 30), { modelGroup: 'other', jobClass: 'batch' });
    const made = plan(aSnapshot(backends, [aLane(jobs(2), behind), elsewhere], { modelGroups }));
    expect(given(made)).toEqual(['1 → gpu-0', '2 → gpu-0', '30 → gpu-1']);
    const ofCloud = aLane(jobs(2, 1, { strategy: 'cloud_only' }), { ...behind, jobClass: 'interactive' });
    const both = plan(aSnapshot(backends, [ofCloud, others]));
    expect(given(both)).toContain('10 → gpu-0');
    expect(both.unfinished).toBe(false);
  });

  test('keep nothing from those with more of a claim, nor when there is no room to keep', () => {
    const urgent = aLane(jobs(1, 20), { jobClass: 'interactive' });
    const made = plan(aSnapshot([aBackend('gpu-0', { held: 1 })], [aLane(jobs(2), behind), urgent]));
    expect(given(made)).toEqual(['20 → gpu-0', '1 → gpu-0', '2 → gpu-0']);
    expect(made.unfinished).toBe(false);
  });
});
