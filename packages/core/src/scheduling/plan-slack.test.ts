import { describe, expect, test } from 'vitest';
import { RTX_4090 } from '../prediction/engine-profile.ts';
import { given, numbers } from './plan.fixtures.ts';
import { plan } from './plan.ts';
import {
  aBackend,
  aCloud,
  aJob,
  aLane,
  aSnapshot,
  jobId,
  jobs,
  NOW_MS,
  overflowPolicy,
  POLICY,
  tenantId,
} from './snapshot.fixtures.ts';
import type { Hold } from './plan-result.ts';
import type { BackendView, JobView, LaneView } from './snapshot.ts';

const profile = { ...RTX_4090, samples: 100 };
const full = (changes: Partial<BackendView> = {}): BackendView =>
  aBackend('gpu-0', { profile, slots: 32, held: 32, heldTokens: 32 * 1000, ...changes });
/** Takes some 6 s, and is due in half a minute. */
const urgent: Partial<JobView> = { submittedAtMs: NOW_MS, deadlineAtMs: NOW_MS + 30_000 };

describe('overflow by slack', () => {
  test('a short queue stays at home, however many jobs that are not in a hurry wait behind it', () => {
    const lanes = [
      aLane(jobs(3, 1, urgent), { jobClass: 'interactive' }),
      aLane(jobs(3, 11, { submittedAtMs: NOW_MS, deadlineAtMs: NOW_MS + 86_400_000 }), {
        jobClass: 'batch',
        depth: 50_000,
        inputTokens: 5_000_000,
      }),
    ];
    const made = plan(aSnapshot([full(), aCloud('cloud-0')], lanes));
    expect(given(made)).toEqual([]);
    expect(made.overflowing).toEqual(new Map());
    expect(made.holds[0]?.estimatedFinishAtMs).toBeGreaterThan(NOW_MS + 1500);
  });

  test('fresh jobs that will be late go at once, only as many as it takes, and none of those before them', () => {
    const lane = aLane(jobs(1, 1, urgent), { jobClass: 'interactive', depth: 200, inputTokens: 40_000 });
    const fresh = Array.from({ length: 100 }, (_, index) => ({
      laneKey: lane.key,
      job: aJob(100 + index, { ...urgent, outputTokens: 1000 }),
      ahead: 40 + index,
    }));
    const made = plan(aSnapshot([full(), aCloud('cloud-0', { slots: 1000 })], [lane], { fresh }));
    expect(made.assignments.length).toBeGreaterThan(20);
    expect(made.assignments.length).toBeLessThan(100);
    expect(given(made)).not.toContain('1 → cloud-0');
    expect(made.assignments[0]?.explanation).toMatchObject({ trigger: 'slack', overflowing: true });
    expect(made.looked).toHaveLength(100);
  });

  test('a fresh job takes no local room from those before it, nor from the plan what is pinned or already dealt with', () => {
    const lane = aLane(jobs(1, 1, urgent), { jobClass: 'interactive', depth: 50, inputTokens: 5000 });
    const pinned = aLane(jobs(1, 31, urgent), { jobClass: 'interactive', pinned: true });
    const room = full({ held: 30 });
    const fresh = [
      { laneKey: lane.key, job: aJob(1, urgent), ahead: 0 },
      { laneKey: lane.key, job: aJob(2, urgent), ahead: 1 },
      { laneKey: pinned.key, job: aJob(32, urgent), ahead: 1 },
      { laneKey: 'gone', job: aJob(40, urgent), ahead: 0 },
    ];
    const made = plan(aSnapshot([room, aCloud('cloud-0')], [lane, pinned], { fresh }));
    expect(given(made)).toEqual(['31 → gpu-0', '1 → gpu-0']);
    const closed = plan(aSnapshot([room], [lane], { fresh: fresh.slice(1, 2) }));
    expect(closed.looked).toEqual([jobId(2)]);
  });

  test('a fresh job of the cloud that finds it full stays fresh, as long as few do', () => {
    const lane = aLane(jobs(1), { depth: 500 });
    const fresh = (count: number) =>
      jobs(count, 10, { strategy: 'cloud_only' }).map((job, ahead) => ({ laneKey: lane.key, job, ahead }));
    const cloud = aCloud('cloud-0', { held: 4 });
    const looked = (count: number) =>
      plan(aSnapshot([full(), cloud], [lane], { fresh: fresh(count) })).looked.length;
    expect([looked(128), looked(129)]).toEqual([0, 129]);
  });

  test('the cloud must be sooner: a job that would only be late elsewhere waits', () => {
    const slow = { firstTokenMs: { p50: 1e6, p95: 1e6 }, perTokenMs: 1, samples: 9 };
    const lane = aLane(jobs(1, 1, urgent), { jobClass: 'interactive', depth: 200, inputTokens: 60_000 });
    const fresh = [{ laneKey: lane.key, job: aJob(2, urgent), ahead: 190 }];
    const made = plan(aSnapshot([full(), aCloud('cloud-0', { latency: slow })], [lane], { fresh }));
    expect(given(made)).toEqual([]);
    const late = aJob(3, { submittedAtMs: NOW_MS - 29_000, deadlineAtMs: NOW_MS + 1000 });
    const held = plan(aSnapshot([full(), aCloud('cloud-0', { latency: slow })], [aLane([late])]));
    expect(held.holds[0]?.explanation.why).toContain('cloud-0: not sooner than waiting for local hardware');
  });

  test('one in front that never uses the cloud keeps nobody behind it from it, nor gives them its local room', () => {
    const never = aJob(1, { ...urgent, strategy: 'self_hosted_only' });
    const lane = aLane([never, ...jobs(3, 2, urgent)], { jobClass: 'interactive', depth: 40 });
    const cloud = aCloud('cloud-0');
    const away = ['2 → cloud-0', '3 → cloud-0', '4 → cloud-0'];
    expect(given(plan(aSnapshot([cloud], [lane])))).toEqual(away);
    const down = full({ health: { kind: 'down', forMs: 60_000, because: 'no heartbeat' } });
    expect(given(plan(aSnapshot([down, cloud], [lane])))).toEqual(away);
    const pinned = aLane(jobs(1, 50, urgent), {
      jobClass: 'interactive',
      pinned: true,
      depth: 400,
      inputTokens: 400_000,
    });
    const gone = given(plan(aSnapshot([full(), cloud], [lane, pinned])));
    expect(gone).toEqual(away);
  });

  test('what a held job is told is from when its turn came, whoever leaves later', () => {
    const waits = aLane(jobs(1, 1, { deadlineAtMs: NOW_MS + 3_600_000 }), { depth: 50, inputTokens: 50_000 });
    const urgentOnes = aLane(jobs(1, 9), { jobClass: 'interactive', depth: 100, inputTokens: 100_000 });
    const leaving = aLane(jobs(60, 100, { strategy: 'cloud_only' }), { jobClass: 'batch' });
    const toldBeside = (...others: readonly LaneView[]) => {
      const { holds } = plan(
        aSnapshot([full(), aCloud('cloud-0', { slots: 100 })], [waits, urgentOnes, ...others]),
      );
      const { explanation, estimatedFinishAtMs } = holds.find(({ job }) => job.id === jobId(1)) as Hold;
      return { estimatedFinishAtMs, trigger: explanation.trigger };
    };
    expect(toldBeside(leaving)).toEqual(toldBeside());
    expect(toldBeside().estimatedFinishAtMs).toBeGreaterThan(NOW_MS);
  });

  test('room that would be too slow is no room when the cloud is in time', () => {
    const crawling = aBackend('gpu-0', { profile: { ...profile, decodeFactor: 0.01 } });
    const made = plan(aSnapshot([crawling, aCloud('cloud-0')], [aLane([aJob(1, urgent)])]));
    expect(given(made)).toEqual(['1 → cloud-0']);
  });

  test('a more urgent job makes room for pinned ones that would be late, no more of them than it takes', () => {
    const busy = full({ held: 31 });
    const pinned = aLane(jobs(1, 50, { submittedAtMs: NOW_MS - 100_000, deadlineAtMs: NOW_MS + 200_000 }), {
      pinned: true,
      depth: 600,
      inputTokens: 900_000,
    });
    const lane = aLane(jobs(3, 1, urgent), { jobClass: 'interactive' });
    const made = plan(aSnapshot([busy, aCloud('cloud-0')], [lane, pinned]));
    expect(given(made)).toEqual(['1 → cloud-0', '2 → cloud-0', '3 → cloud-0', '50 → gpu-0']);
    expect(made.assignments[0]?.explanation.trigger).toBe('displaced');
    const few = { ...pinned, depth: 1, inputTokens: 100 };
    expect(given(plan(aSnapshot([busy, aCloud('cloud-0')], [lane, few])))).toEqual(['1 → gpu-0']);
    const headless = { ...pinned, head: [] };
    expect(given(plan(aSnapshot([busy, aCloud('cloud-0')], [lane, headless])))).toEqual(['1 → gpu-0']);
    const away = plan(aSnapshot([busy], [lane, pinned]));
    expect(given(away)).toEqual(['1 → gpu-0']);
  });
});

describe('strategies and money', () => {
  test('fast takes the cloud when it is sooner, whatever waits; auto does not', () => {
    const gpu = aBackend('gpu-0', { profile, slots: 32, held: 31 });
    const latency = { firstTokenMs: { p50: 100, p95: 200 }, perTokenMs: 1, samples: 9 };
    const backends = [gpu, aCloud('cloud-0', { latency })];
    const ask = (strategy: JobView['strategy']) =>
      given(plan(aSnapshot(backends, [aLane([aJob(1, { ...urgent, outputTokens: 400, strategy })])])));
    expect(ask('fast')).toEqual(['1 → cloud-0']);
    expect(ask('auto')).toEqual(['1 → gpu-0']);
  });

  test('what a plan promises of a budget is gone for the jobs after it, and other budgets are left alone', () => {
    const lane = aLane(jobs(3, 1, { strategy: 'cloud_only' }));
    const budgets = [
      { name: 'day', leftUsd: 0.000_26 },
      { name: 'other', leftUsd: 0, tenantId: tenantId('other') },
    ];
    const made = plan(aSnapshot([aCloud('cloud-0')], [lane], { budgets }));
    expect(given(made)).toEqual(['1 → cloud-0', '2 → cloud-0']);
    expect(made.holds[0]?.explanation.why).toContain('budget day has $0.000005 left');
  });

  test('a cloud without a price is used, and nothing is kept for it', () => {
    const { price: _unknown, ...unpriced } = aCloud('cloud-0');
    const made = plan(aSnapshot([unpriced], [aLane(jobs(1))]));
    expect(made.assignments).toMatchObject([{ reservedUsd: 0, counterfactual: undefined }]);
  });

  test('a local job knows what the cheapest cloud that could have run it asks', () => {
    const dear = aCloud('cloud-1', { price: { inputUsdPerMillion: 9, outputUsdPerMillion: 9 } });
    const small = aCloud('cloud-2', {
      contextTokens: 100,
      price: { inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
    });
    const cheap = aCloud('cloud-0');
    const watt = { joulesPerToken: 2, usdPerKwh: 0.36 };
    const made = plan(aSnapshot([aBackend('gpu-0', { energy: watt }), cheap, dear, small], [aLane(jobs(1))]));
    expect(made.assignments[0]?.counterfactual).toEqual(cheap.price);
    // 150 tokens of 2 J, at 0.1 micro-dollar a joule
    expect(made.assignments[0]?.prediction.costUsd).toBeCloseTo(0.000_03, 12);
  });
});

describe('ageing', () => {
  test('room in the KV cache is kept for a long prompt that has waited past its bound', () => {
    const policy = {
      ...overflowPolicy({ mode: 'off' }),
      maxWaitMs: { ...POLICY.maxWaitMs, standard: 500 },
    };
    const busy = aBackend('gpu-0', { kvCapacityTokens: 1000, held: 1, heldTokens: 500 });
    const roomier = aBackend('gpu-1', { kvCapacityTokens: 1000, held: 1, heldTokens: 300 });
    const roomless = aBackend('gpu-2', { kvCapacityTokens: 1000, held: 1, heldTokens: 600 });
    const long = aLane([aJob(1, { inputTokens: 700 })], { tenantId: tenantId('long') });
    const short = aLane(jobs(9, 2, { submittedAtMs: NOW_MS }), { tenantId: tenantId('short') });
    const backends = [busy, roomier, roomless];
    const made = plan(aSnapshot(backends, [long, short], { policy }));
    expect(made.assignments.filter(({ backendId }) => backendId === 'gpu-1')).toEqual([]);
    expect(made.assignments.length).toBeGreaterThan(0);
    expect(numbers(made.holds)).toContain(1);
  });

  test('a promoted job is served before interactive ones of a later deadline, and the plan says so', () => {
    const standard = aLane([aJob(1, { submittedAtMs: NOW_MS - 295_000, deadlineAtMs: NOW_MS + 5000 })]);
    const made = plan(
      aSnapshot([aBackend('gpu-0')], [aLane(jobs(1, 2, urgent), { jobClass: 'interactive' }), standard]),
    );
    expect(given(made)).toEqual(['1 → gpu-0', '2 → gpu-0']);
    expect(made.promotions).toMatchObject([{ job: { id: jobId(1) }, from: 'standard', to: 'interactive' }]);
    expect(made.assignments[0]?.explanation.competesAs).toBe('interactive');
  });
});
