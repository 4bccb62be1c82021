import { BURST_CREDIT, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../jobs/claim-jobs.ts';
import { completed, gpu, newJob, noLimit, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';

const [other, newcomer] = ['other' as TenantId, 'newcomer' as TenantId];

function openTenants(store: TestStore) {
  const life = openLife(store);
  const { redis, keys } = store;
  const submit = async (tenantId: TenantId, changes: Partial<NewJob> = {}): Promise<NewJob> => {
    const job = newJob({ lane: { ...newJob().lane, tenantId }, ...changes });
    await life.submit(job, noLimit, undefined);
    return job;
  };
  const dispatched = async (tenantId: TenantId, charge: number, weight = 1): Promise<NewJob> => {
    const job = await submit(tenantId);
    await life.dispatch(life.assignment(job, { charge, weight }));
    return job;
  };
  const waiting = async (...charges: readonly (readonly [TenantId, number])[]): Promise<void> => {
    const first = await Promise.all(charges.map(([tenantId]) => submit(tenantId)));
    for (const [tenantId] of charges) await submit(tenantId);
    for (const [index, job] of first.entries()) {
      await life.dispatch(life.assignment(job, { charge: charges[index]?.[1] ?? 0 }));
    }
  };
  return {
    life,
    submit,
    /** One job of the tenant, dispatched for so much. */
    dispatched,
    /** A job of each tenant that waits, and another one dispatched before for so much. */
    waiting,
    /** A job of one tenant that runs, charged so much, and one of another that waits, which came at the same time. */
    runBeside: async (
      [tenantId, charge]: readonly [TenantId, number],
      others: readonly [TenantId, number],
    ): Promise<Lease> => {
      await life.beat();
      const job = await submit(tenantId);
      await waiting(others);
      await life.dispatch(life.assignment(job, { charge }));
      const { claims } = await life.claim(2);
      const claim = claims.find(({ lease }) => lease.jobId === job.id);
      if (claim === undefined) throw new Error(`${job.id} was not claimed`);
      return claim.lease;
    },
    /** A running job of each tenant, charged so much; they come together, and go when they leave. */
    atWork: async (...charges: readonly (readonly [TenantId, number])[]) => {
      const jobs = await Promise.all(charges.map(([tenantId]) => submit(tenantId)));
      for (const [index, job] of jobs.entries()) {
        await life.dispatch(life.assignment(job, { charge: charges[index]?.[1] ?? 0 }));
      }
      await life.claim(jobs.length);
      const leave = async (): Promise<void> => {
        for (const job of jobs) await life.cancel(job.id, job.lane.tenantId);
      };
      return { leave };
    },
    counterOf: async (tenantId: TenantId): Promise<number | undefined> => {
      const counter = await redis.hget(`${keys.prefix}fairness`, tenantId);
      return counter === null ? undefined : Number(counter);
    },
  };
}

describe('a tenant that nothing waited of', () => {
  test('begins with the one that is to be served next, not behind what others were given meanwhile', async () => {
    await using store = await openTestStore();
    const { life, submit, waiting, counterOf } = openTenants(store);
    await life.beat();
    await waiting([tenant, 30_000], [other, 90_000]);
    await submit(newcomer);
    expect(await counterOf(newcomer)).toBe(30_000 - BURST_CREDIT);
  });

  test('begins no lower than the one that came before it: what that one was given it gives to nobody', async () => {
    await using store = await openTestStore();
    const { life, submit, waiting, counterOf } = openTenants(store);
    await life.beat();
    await waiting([tenant, 1_000_000]);
    const newcomers = Array.from({ length: 50 }, (_, index) => `newcomer-${index}` as TenantId);
    for (const each of newcomers) await submit(each);
    expect(await Promise.all(newcomers.map(counterOf))).toEqual(
      newcomers.map(() => 1_000_000 - BURST_CREDIT),
    );
  });

  test('begins no lower than the one that came and was served before it, while nobody waits', async () => {
    await using store = await openTestStore();
    const { life, atWork, counterOf } = openTenants(store);
    await life.beat();
    const { leave } = await atWork([tenant, 1_000_000]);
    await leave();
    const newcomers = Array.from({ length: 50 }, (_, index) => `newcomer-${index}` as TenantId);
    for (const each of newcomers) await (await atWork([each, 100])).leave();
    const counters = await Promise.all(newcomers.map(counterOf));
    expect(counters).toEqual(newcomers.map(() => 1_000_100 - BURST_CREDIT));
  });

  test('begins no lower for what one of those that wait was charged of its credit, or was given back', async () => {
    await using store = await openTestStore();
    const { life, submit, waiting, dispatched, counterOf } = openTenants(store);
    await life.beat();
    await waiting([tenant, 1_000_000]);
    await submit(other);
    const job = await dispatched(other, 4000);
    await submit(newcomer);
    expect(await counterOf(newcomer), 'charged').toBe(1_000_000 - BURST_CREDIT);
    await life.cancel(job.id, other);
    expect(await counterOf(other)).toBe(1_000_000 - BURST_CREDIT);
    const next = 'next' as TenantId;
    await submit(next);
    expect(await counterOf(next), 'given back').toBe(1_000_000 - BURST_CREDIT);
  });

  test('begins further on once all that wait have been charged more than their credit', async () => {
    await using store = await openTestStore();
    const { life, submit, waiting, dispatched, counterOf } = openTenants(store);
    await life.beat();
    await waiting([tenant, 1_000_000]);
    await submit(other);
    await dispatched(other, BURST_CREDIT + 700);
    await dispatched(tenant, 500);
    await submit(newcomer);
    expect(await counterOf(newcomer)).toBe(1_000_500 - BURST_CREDIT);
  });

  test('saves nothing up while its jobs run', async () => {
    await using store = await openTestStore();
    const { submit, counterOf, runBeside } = openTenants(store);
    await runBeside([tenant, 30_000], [other, 90_000]);
    await submit(tenant);
    expect(await counterOf(tenant)).toBe(90_000 - BURST_CREDIT);
  });

  test('does not begin with one whose jobs all run: that one has been served', async () => {
    await using store = await openTestStore();
    const { submit, counterOf, runBeside } = openTenants(store);
    await runBeside([tenant, 30_000], [other, 90_000]);
    await submit(newcomer);
    expect(await counterOf(newcomer)).toBe(90_000 - BURST_CREDIT);
  });

  test('comes before the others by what it is given back for a job that comes back, and by no more', async () => {
    await using store = await openTestStore();
    const { life, counterOf, runBeside } = openTenants(store);
    const lease = await runBeside([tenant, 30_000], [other, 90_000]);
    await life.settle(lease, { kind: 'returned' });
    expect(await counterOf(tenant)).toBe(90_000 - BURST_CREDIT - 30_000);
  });

  test('saves nothing up while it waits for a retry', async () => {
    await using store = await openTestStore();
    const { life, counterOf, runBeside } = openTenants(store);
    const lease = await runBeside([tenant, 30_000], [other, 90_000]);
    await life.settle(lease, {
      kind: 'retry',
      reason: { kind: 'backend-error', detail: 'status 500' },
      availableAtMs: Date.now() + 3_600_000,
      exclude: undefined,
      backendFault: { blamed: false, coolForMs: 0 },
    });
    expect(await counterOf(tenant)).toBe(0);
    await store.redis.zadd(`${store.keys.prefix}retry`, 1, lease.jobId);
    await life.snapshot();
    expect(await counterOf(tenant)).toBe(90_000 - BURST_CREDIT);
  });

  test('saves nothing up by being idle, and what it was ahead by is not forgiven', async () => {
    await using store = await openTestStore();
    const { life, submit, atWork, counterOf } = openTenants(store);
    await life.beat();
    const { leave } = await atWork([other, 90_000], [tenant, 30_000]);
    await leave();
    const { id } = await submit(newcomer);
    expect(await counterOf(newcomer), 'with nobody at work: with who was served last').toBe(
      30_000 - BURST_CREDIT,
    );
    await submit(other);
    expect(await counterOf(other)).toBe(90_000);
    await life.cancel(id, newcomer);
    await submit(tenant);
    expect(await counterOf(tenant), 'nor for where others begin').toBe(90_000 - BURST_CREDIT);
  });

  test('is not lifted while a job of it waits, in whatever lane', async () => {
    await using store = await openTestStore();
    const { life, submit, dispatched, counterOf } = openTenants(store);
    await life.beat();
    await submit(newcomer);
    await dispatched(tenant, 30_000);
    await submit(newcomer, { lane: { ...newJob().lane, tenantId: newcomer, pinned: true } });
    expect(await counterOf(newcomer)).toBe(0);
  });
});

describe('a charge', () => {
  test('is by weight, and is corrected when the usage is known', async () => {
    await using store = await openTestStore();
    const { life, dispatched, counterOf } = openTenants(store);
    await life.beat();
    await dispatched(tenant, 300, 2);
    expect(await counterOf(tenant)).toBe(300);
    const [claim] = (await life.claim()).claims;
    if (claim === undefined) throw new Error('nothing was claimed');
    const usage = { ...completed.usage, inputTokens: 100, outputTokens: 400 };
    await life.settle(claim.lease, { ...completed, usage });
    expect(await counterOf(tenant)).toBe(450);
  });

  test('stands when a backend does not say what it used', async () => {
    await using store = await openTestStore();
    const { life, dispatched, counterOf } = openTenants(store);
    await life.beat();
    await dispatched(tenant, 300);
    const [claim] = (await life.claim()).claims;
    if (claim === undefined) throw new Error('nothing was claimed');
    const usage = { ...completed.usage, inputTokens: 0, outputTokens: 0 };
    await life.settle(claim.lease, { ...completed, usage });
    expect(await counterOf(tenant)).toBe(300);
  });

  test('goes back with a dispatch that nobody claimed, and that its backend gave back', async () => {
    await using store = await openTestStore();
    const { life, dispatched, counterOf } = openTenants(store);
    await life.beat();
    const lying = await dispatched(tenant, 300);
    await store.redis.zadd(`${store.keys.backend(gpu)}:dispatched`, 1, lying.id);
    await life.duties.rescueJobs();
    expect(await counterOf(tenant)).toBe(0);
    const cancelled = await dispatched(tenant, 200);
    await life.cancel(cancelled.id, tenant);
    expect(await counterOf(tenant)).toBe(0);
  });
});

test('a counter is forgotten once it says nothing: below where its tenant would begin anyway', async () => {
  await using store = await openTestStore();
  const { life, atWork, dispatched, counterOf } = openTenants(store);
  await life.beat();
  const { leave } = await atWork([newcomer, 10_000], [other, 90_000], [tenant, 5000]);
  await leave();
  await dispatched(tenant, 25_000);
  await life.duties.purgeRetained();
  expect(await counterOf(newcomer)).toBeUndefined();
  expect(await counterOf(other), 'it is ahead of the others, and that is not forgotten').toBe(90_000);
});
