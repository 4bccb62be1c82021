import { type JobEvent, MAX_RESCUES, type TenantId, type Usage } from '@spillway/core';
import { array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import { completed, gpu, newJob, noLimit, openLife, worker } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import type { Settlement } from '../jobs/settle-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createFairnessModel } from './fairness-model.fixtures.ts';

const TENANTS: readonly TenantId[] = ['a' as TenantId, 'b' as TenantId, 'c' as TenantId];
/** Sums of their halves and doubles are exact. */
const WEIGHTS = [1, 2, 0.5];
const SETTLEMENTS = ['completed', 'returned', 'retry', 'crashed', 'failed', 'refused'] as const;
const backendFault = { blamed: true, coolForMs: 0 };
const reason = { kind: 'backend-error', detail: 'status 500' } as const;

const step = record({
  kind: constantFrom(
    'submit',
    'submit',
    'dispatch',
    'dispatch',
    'dispatch',
    'claim',
    'settle',
    'settle',
    'cancel',
    'worker dies',
    'forget',
  ),
  number: integer({ min: 0, max: 7 }),
  tenant: constantFrom(0, 1, 2),
  // several times what a burst is given
  charge: integer({ min: 0, max: 50_000 }),
  output: integer({ min: 0, max: 30_000 }),
  settlement: constantFrom(...SETTLEMENTS),
});
type Step = Parameters<Parameters<typeof step.map>[0]>[0];

/** Steps that mean nothing to each other, and among them whole attempts, which chance alone seldom makes. */
const histories = array(
  oneof(
    { weight: 4, arbitrary: step.map((each) => [each]) },
    {
      weight: 1,
      arbitrary: step.map((each) =>
        (['dispatch', 'claim', 'settle'] as const).map((kind): Step => ({ ...each, kind })),
      ),
    },
  ),
  { minLength: 10, maxLength: 30 },
).map((parts) => parts.flat());

test('whatever happens to jobs, each counter is the sum of what its tenant was charged and given back', async () => {
  await assert(
    asyncProperty(histories, async (steps) => {
      await using store = await openTestStore();
      const play = await openPlay(store);
      for (const each of steps) {
        await play.take(each);
        expect({ each, ...(await play.read()) }).toEqual({ each, ...play.model.expected() });
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);

/** Takes steps with the real scripts, and tells the model what came of them. */
async function openPlay(store: TestStore) {
  const { redis, keys } = store;
  const life = openLife(store);
  const model = createFairnessModel();
  const jobs: NewJob[] = [];
  const fence = (number: number): number => model.jobs[number]?.life.fence ?? 0;
  const settle = async (number: number, job: NewJob, { settlement, output }: Step): Promise<void> => {
    const usage: Usage = { ...completed.usage, outputTokens: output };
    const lease = { jobId: job.id, fence: fence(number), workerId: worker };
    const { kind } = await life.settle(lease, settlementOf(settlement, usage));
    if (kind !== 'settled') return;
    model.apply(number, eventOf(settlement, fence(number)), { usage, blamed: settlement === 'failed' });
  };
  const rescue = async (): Promise<void> => {
    await redis.zadd(`${keys.prefix}workers`, 1, worker);
    // however slow this machine is, the store was not away
    await redis.del(`${keys.prefix}rescue`);
    // one by one, and who is first back in a lane is nobody's to say
    const held = await redis.smembers(`${keys.prefix}worker:${worker}:held`);
    await life.duties.rescueJobs();
    for (const id of held) {
      const number = jobs.findIndex((job) => job.id === id);
      model.apply(number, { kind: 'rescued', atMs: 0, maxRescues: MAX_RESCUES, blamed: true });
    }
    await life.beat();
  };
  await life.beat();
  return {
    model,
    take: async (each: Step): Promise<void> => {
      const number = jobs.length === 0 ? 0 : each.number % jobs.length;
      const job = jobs[number];
      if (each.kind === 'submit' || job === undefined) {
        const tenantId = TENANTS[each.tenant] ?? newJob().lane.tenantId;
        const added = newJob({ lane: { ...newJob().lane, tenantId } });
        await life.submit(added, noLimit, undefined);
        jobs.push(added);
        model.submit(tenantId);
        return;
      }
      switch (each.kind) {
        case 'dispatch': {
          const { charge } = each;
          const weight = WEIGHTS[TENANTS.indexOf(job.lane.tenantId)] ?? 1;
          const assignment = life.assignment(job, { fence: fence(number), charge, weight });
          const reply = await life.dispatch(assignment);
          if (reply.kind === 'applied' && reply.dispatched.length === 1) {
            model.dispatch(number, gpu, charge, weight);
          }
          return;
        }
        case 'claim':
          for (const { lease } of (await life.claim(100)).claims) {
            const claimed = jobs.findIndex(({ id }) => id === lease.jobId);
            model.apply(claimed, { kind: 'claimed', workerId: worker, fence: lease.fence, atMs: 0 });
          }
          return;
        case 'settle':
          return settle(number, job, each);
        case 'cancel':
          await life.cancel(job.id, job.lane.tenantId);
          model.apply(number, { kind: 'cancel-requested', atMs: 0 });
          return;
        case 'worker dies':
          return rescue();
        case 'forget':
          await life.duties.purgeRetained();
          model.forget();
          return;
      }
    },
    read: async () => {
      const scores = await redis.zrange(`${keys.prefix}fairness:active`, '0', '-1', 'WITHSCORES');
      const active: Record<string, number> = {};
      for (let index = 0; index < scores.length; index += 2) {
        active[scores[index] ?? ''] = Number(scores[index + 1]);
      }
      const counters = Object.entries(await redis.hgetall(`${keys.prefix}fairness`));
      return {
        counters: Object.fromEntries(counters.map(([tenant, counter]) => [tenant, Number(counter)])),
        active,
      };
    },
  };
}

function settlementOf(kind: (typeof SETTLEMENTS)[number], usage: Usage): Settlement {
  switch (kind) {
    case 'completed':
      return { ...completed, usage };
    case 'returned':
      return { kind };
    case 'retry':
      return { kind, reason, availableAtMs: 0, exclude: undefined, backendFault };
    case 'crashed':
      return { kind, reason, availableAtMs: 0, backendFault };
    case 'failed':
      return { kind, reason, backendFault };
    case 'refused':
      return { kind: 'failed', reason, backendFault: { blamed: false, coolForMs: 0 } };
  }
}

function eventOf(kind: (typeof SETTLEMENTS)[number], fence: number): JobEvent {
  const when = { fence, atMs: 0 };
  switch (kind) {
    case 'completed':
      return { kind: 'attempt-completed', ...when };
    case 'returned':
    case 'retry':
      return {
        kind: 'attempt-failed',
        ...when,
        reason,
        decision: { kind: 'retry', availableAtMs: 0, elsewhere: false },
      };
    case 'crashed':
      return { kind: 'attempt-crashed', ...when, availableAtMs: 0, maxRescues: MAX_RESCUES, reason };
    case 'failed':
    case 'refused': {
      const decision = { kind: 'give-up', because: 'attempts-exhausted' } as const;
      return { kind: 'attempt-failed', ...when, reason, decision };
    }
  }
}
