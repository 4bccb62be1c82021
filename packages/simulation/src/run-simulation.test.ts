import type { BackendId, JobId, Snapshot } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import type { Deployment } from './deployment.ts';
import { ENDS } from './outcome/outcomes.ts';
import { parsePolicy } from './policies/parse-policy.ts';
import type { Decision, Policy } from './policies/policy.ts';
import { busyDeployment, someJobs } from './run-simulation.fixtures.ts';
import { runSimulation, simulate } from './run-simulation.ts';
import type { TraceJob } from './trace-job.ts';

const deadlineMs = { interactive: 20_000, standard: 60_000, batch: 200_000 };

function policyOf(text: string): Policy {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** The policy, and every snapshot it is shown. */
function watched(policy: Policy, look: (snapshot: Snapshot, decision: Decision) => void): Policy {
  return {
    ...policy,
    open: (world) => {
      const decider = policy.open(world);
      return {
        ...decider,
        decide: (snapshot) => {
          const decision = decider.decide(snapshot);
          look(snapshot, decision);
          return decision;
        },
      };
    },
  };
}

const POLICIES = [
  'spillway',
  'spillway:at-once',
  'fifo',
  'depth',
  'priority',
  'edf',
  'vtc-predict',
  'per-key',
  'chwbl',
];

describe.each(POLICIES)('%s', (name) => {
  test('comes to the same for the same seed', () => {
    const [one, other] = [1, 2].map(() =>
      simulate(someJobs(300, 1), busyDeployment, policyOf(name), { seed: 5, deadlineMs }),
    );
    expect({ ...other?.report, wallSeconds: 0 }).toEqual({ ...one?.report, wallSeconds: 0 });
    expect(other?.outcomes).toEqual(one?.outcomes);
  });

  test.each(['expire', 'run'] as const)(
    'ends every job once, in the order of its life, and none that is pinned in the cloud: %s',
    (late) => {
      const jobs = someJobs(300, 2);
      const { report, outcomes } = simulate(jobs, busyDeployment, policyOf(name), { late, deadlineMs });
      const { requests, completed, rejected, expired, classes } = report;
      expect([requests, completed + rejected + expired]).toEqual([300, 300]);
      const missed = Object.values(classes).reduce((sum, of) => sum + of.missed, 0);
      expect(expired).toBe(late === 'run' ? 0 : missed);
      expect(jobs.filter(({ pinned }, index) => pinned && outcomes.inCloud[index] === 1)).toEqual([]);
      const { arrivedAtMs, beganAtMs, firstTokenAtMs, finishedAtMs, deadlineAtMs } = outcomes;
      for (const index of jobs.keys()) {
        const isServed = outcomes.end[index] === ENDS.indexOf('completed');
        const life = [arrivedAtMs, ...(isServed ? [beganAtMs, firstTokenAtMs] : []), finishedAtMs];
        const times = life.map((column) => column[index] ?? Number.NaN);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const latestMs = late === 'run' ? Number.POSITIVE_INFINITY : (deadlineAtMs[index] ?? 0);
        expect(times.at(-1)).toBeLessThanOrEqual(latestMs);
      }
    },
  );
});

test('another seed comes to something else, because clouds do', () => {
  const [one, other] = [1, 2].map((seed) =>
    runSimulation(someJobs(200, 1), busyDeployment, policyOf('depth:5'), { seed }),
  );
  expect(one?.firstToken).not.toEqual(other?.firstToken);
});

test('a policy never sees how long an answer will be, and backends never hold more than their slots', () => {
  const jobs = someJobs(200, 3).map((job): TraceJob => ({
    ...job,
    outputTokens: 77_777,
    maxOutputTokens: 90_000,
  }));
  const roomy = {
    ...busyDeployment.backends[0],
    engine: { kind: 'serial', perPrefillTokenMs: 0.01, perOutputTokenMs: 0.01, cacheBlocks: 9 },
  };
  const seen: string[] = [];
  const policy = watched(policyOf('spillway'), ({ lanes, fresh, backends }) => {
    seen.push(JSON.stringify([lanes, fresh]));
    expect(backends.filter(({ slots, held }) => held > slots)).toEqual([]);
  });
  runSimulation(jobs, { backends: [roomy as Deployment['backends'][number]] }, policy);
  expect(seen.length).toBeGreaterThan(100);
  expect(seen.filter((text) => text.includes('77777'))).toEqual([]);
});

test('what must not be is not applied, whatever a policy wants', () => {
  let wanted = 0;
  const greedy: Policy = {
    ...policyOf('fifo'),
    open: () => ({
      decide: ({ lanes, backends }) => {
        const assignments = lanes
          .flatMap(({ head }) => head)
          .flatMap((job) => [{ ...job, fence: 99 }, job, job])
          .flatMap((job) =>
            [...backends.map(({ id }) => id), 'nobody' as BackendId].toReversed().map((backendId) => {
              wanted += 1;
              return { job, backendId, virtualTokens: 1, weight: 1, reservedTokens: 1, reservedUsd: 0 };
            }),
          );
        return { assignments, rejections: [], overflowing: new Map(), looked: [], unfinished: false };
      },
    }),
  };
  const policy = watched(greedy, ({ backends }) => {
    expect(backends.filter(({ slots, held }) => held > slots)).toEqual([]);
  });
  const jobs = someJobs(200, 4);
  const { report, outcomes } = simulate(jobs, busyDeployment, policy, { late: 'run' });
  expect(report.completed).toBe(200);
  expect(wanted).toBeGreaterThan(200);
  expect(jobs.filter(({ pinned }, index) => pinned && outcomes.inCloud[index] === 1)).toEqual([]);
});

test('ticks are as far apart as the tick is long, however many plans one takes', () => {
  const at: number[] = [];
  const policy = watched(policyOf('depth:5'), ({ nowMs }) => {
    if (at.at(-1) !== nowMs) at.push(nowMs);
  });
  const few = runSimulation(someJobs(300, 5, 20), busyDeployment, policy, { tickMs: 400, late: 'run' });
  const many = runSimulation(someJobs(300, 5, 20), busyDeployment, policyOf('depth:5'), {
    tickMs: 1,
    late: 'run',
  });
  const gaps = at.slice(1).map((atMs, index) => atMs - (at[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(400 - 1e-6);
  expect(few.plans * 2).toBeLessThan(many.plans);
});

test('money is counted by what answers took, and no more is promised than a budget has', () => {
  const budgets = [{ name: 'cloud', usd: 0.005, backend: 'cloud' }];
  const free = runSimulation(someJobs(300, 6), busyDeployment, policyOf('spillway'), { deadlineMs });
  let least = Number.POSITIVE_INFINITY;
  const policy = watched(policyOf('spillway'), ({ budgets: [budget] }) => {
    least = Math.min(least, budget?.leftUsd ?? 0);
  });
  const bound = runSimulation(someJobs(300, 6), { ...busyDeployment, budgets }, policy, { deadlineMs });
  expect(free.cloud.usd).toBeGreaterThan(0.01);
  expect(bound.cloud.usd).toBeLessThanOrEqual(0.005);
  expect(bound.cloud.jobs).toBeGreaterThan(0);
  expect(least).toBeGreaterThanOrEqual(0);
});

test('a policy that takes keys for tenants sees the keys', () => {
  const tenants = new Set<string>();
  const policy = watched(policyOf('per-key'), ({ lanes }) => {
    for (const { tenantId } of lanes) tenants.add(tenantId);
  });
  const report = runSimulation(someJobs(200, 7), busyDeployment, policy);
  expect([...tenants].every((tenant) => tenant.startsWith('key-'))).toBe(true);
  expect(report.tenants.map(({ tenant }) => tenant).toSorted()).toEqual([
    'tenant-0',
    'tenant-1',
    'tenant-2',
    'tenant-3',
  ]);
});

test('the scheduler learns what engines, clouds and answers are like', () => {
  let last: Snapshot | undefined;
  const policy = watched(policyOf('spillway'), (snapshot) => (last = snapshot));
  runSimulation(someJobs(600, 8, 150), busyDeployment, policy, { profiles: 'learned', deadlineMs });
  const [gpu, cloud] = last?.backends ?? [];
  expect(gpu?.profile?.samples).toBeGreaterThan(100);
  expect(gpu?.profile?.perPrefillTokenMs).toBeGreaterThan(0.113 * 0.6);
  expect(gpu?.profile?.perPrefillTokenMs).toBeLessThan(0.113 * 1.6);
  expect(cloud?.latency?.samples).toBeGreaterThan(20);
  const length = last?.outputLengths.get('* default *');
  expect(length?.samples).toBeGreaterThan(300);
  expect(length?.p50).toBeGreaterThan(150);
  expect(length?.p50).toBeLessThan(250);
});

test('a job that nobody will ever run ends all the same', () => {
  const [, cloud] = busyDeployment.backends;
  if (cloud === undefined) throw new Error('the cloud');
  const pinned = someJobs(3, 9).map((job) => ({ ...job, pinned: true }));
  const report = runSimulation(pinned, { backends: [cloud] }, policyOf('fifo'), { late: 'run', deadlineMs });
  expect([report.expired, report.completed]).toEqual([3, 0]);
  const huge = someJobs(3, 9).map((job) => ({ ...job, pinned: true, inputTokens: 50_000 }));
  expect(runSimulation(huge, busyDeployment, policyOf('fifo')).rejected).toBe(3);
});

test('a trace that is out of order, asks for the unknown or is stopped throws', () => {
  const [one, two] = someJobs(2, 1);
  if (one === undefined || two === undefined) throw new Error('two');
  expect(() => run(two, one)).toThrow('order of arrival');
  expect(() => run({ ...one, model: 'unknown' })).toThrow('does not serve');
  const signal = AbortSignal.abort(new Error('enough'));
  expect(() => runSimulation([one], busyDeployment, policyOf('fifo'), { signal })).toThrow('enough');
});

test('a job id sorts as its place in the trace', () => {
  const seen: JobId[] = [];
  const policy = watched(policyOf('fifo'), (_snapshot, { assignments }) => {
    for (const { job } of assignments) seen.push(job.id);
  });
  runSimulation(someJobs(50, 10), { backends: busyDeployment.backends.slice(0, 1) }, policy);
  expect(seen).toEqual(seen.toSorted());
});

const run = (...jobs: readonly TraceJob[]) => runSimulation(jobs, busyDeployment, policyOf('fifo'));
