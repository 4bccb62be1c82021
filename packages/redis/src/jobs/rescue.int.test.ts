import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import {
  NOTHING,
  completed,
  gpu,
  leftBehind,
  newJob,
  noLimit,
  openLife,
  tenant,
  worker,
} from './job-life.fixtures.ts';

describe('what workers and engines leave undone', () => {
  test('what a dead worker held goes back to its lane, and a job that kills its workers is given up', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [running, dispatched] = [newJob(), newJob()];
    for (const job of [running, dispatched]) await life.submit(job, noLimit, undefined);
    for (const [death, fence] of [0, 1, 2].entries()) {
      await life.beat();
      const claim = await life.run(running, fence);
      expect(claim).toMatchObject({ attempt: death + 1, rescues: death });
      if (death === 0) await life.dispatch(life.assignment(dispatched));
      await store.redis.zadd(`${store.keys.prefix}workers`, 1, worker);
      await store.redis.hset(store.keys.backend(gpu), 'heard_at_ms', 1);
      const rescue = await life.duties.rescueJobs();
      expect(rescue).toMatchObject(death === 2 ? { poisoned: 1 } : { rescued: death === 0 ? 2 : 1 });
    }
    expect(await life.reader.one(running.id)).toMatchObject({
      state: 'failed',
      error: { code: 'worker-lost' },
    });
    expect(await life.stateOf(dispatched.id)).toBe('queued');
  });

  test('a dispatch that a living backend leaves lying goes back to its lane', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(job));
    expect(await life.duties.rescueJobs()).toEqual({ rescued: 0, poisoned: 0 });
    await store.redis.zadd(`${store.keys.prefix}backend:${gpu}:dispatched`, 1, job.id);
    expect(await life.duties.rescueJobs()).toEqual({ rescued: 1, poisoned: 0 });
    expect(await life.stateOf(job.id)).toBe('queued');
  });

  test('an attempt that its worker neither ends nor gives up is taken from it after its time and a grace', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const claim = await life.run(job);
    const running = `${store.keys.prefix}backend:${gpu}:running`;
    expect(Number(await store.redis.zscore(running, job.id))).toBe(
      claim.startedAtMs + claim.attemptTimeoutMs,
    );
    expect(await life.duties.endOverlong()).toEqual({ rescued: 0, poisoned: 0 });
    await store.redis.zadd(running, claim.startedAtMs - 11_000, job.id);
    expect(await life.duties.endOverlong()).toEqual({ rescued: 1, poisoned: 0 });
    expect(await life.stateOf(job.id)).toBe('queued');
    expect(await life.settle(claim.lease, completed)).toMatchObject({ kind: 'lost' });
  });

  test('a job on its last chance is alone of its kind on a backend', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const [first, second, other] = [newJob(), newJob(), newJob()];
    for (const job of [first, second, other]) await life.submit(job, noLimit, undefined);
    for (const job of [first, second]) await store.redis.hset(store.keys.job(job.id), 'rescues', 2);
    await life.beat();
    expect(await life.dispatch(...[first, second, other].map((job) => life.assignment(job)))).toMatchObject({
      dispatched: [{ jobId: first.id }, { jobId: other.id }],
      refused: [{ jobId: second.id, because: 'last-chance-alone' }],
    });
    expect((await life.snapshot()).backends).toMatchObject([{ held: 2, suspects: 1 }]);
    await life.cancel(first.id, tenant);
    expect(await life.dispatch(life.assignment(second))).toMatchObject({ refused: [] });
  });

  test('an engine that dies with a job counts against the job, which is given up at the third time', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const crashed = {
      kind: 'crashed',
      reason: { kind: 'engine-lost', detail: 'the engine died' },
      availableAtMs: 0,
      backendFault: { blamed: true, coolForMs: 0 },
    } as const;
    for (const fence of [0, 1]) {
      const { lease } = await life.run(job, fence);
      expect(await life.settle(lease, crashed)).toEqual({ kind: 'settled', state: 'queued' });
    }
    const { lease } = await life.run(job, 2);
    expect(await life.settle(lease, crashed)).toEqual({ kind: 'settled', state: 'failed' });
    expect(await life.reader.one(job.id)).toMatchObject({ state: 'failed', error: { code: 'engine-lost' } });
    expect(await leftBehind(store)).toEqual(NOTHING);
  });

  test('a second worker of a local engine stands by until the first is dead', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const second = idFromUuid('WorkerId', randomUUID());
    await life.beat();
    expect(await life.beat([], second)).toEqual({ kind: 'standby', owner: worker });
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.dispatch(life.assignment(job));
    expect(await life.leave(worker, gpu, true)).toBe(1);
    expect(await life.stateOf(job.id)).toBe('queued');
    expect(await life.beat([], second)).toEqual({ kind: 'alive', lost: [] });
  });

  test('a backend that fails again and again is left alone for longer each time, and an answer ends that', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const fail = async (): Promise<void> => {
      const job = newJob();
      await life.submit(job, noLimit, undefined);
      const { lease } = await life.run(job);
      const reason = { kind: 'backend-error', detail: 'HTTP 500' } as const;
      await life.settle(lease, {
        kind: 'failed',
        reason,
        backendFault: { blamed: true, coolForMs: 0 },
      });
    };
    /** Seconds it cools now; then as if they had passed. */
    const cooling = async (): Promise<number> => {
      const { nowMs, backends } = await life.snapshot();
      const untilMs = backends[0]?.coolingUntilMs ?? 0;
      await store.redis.hset(store.keys.backend(gpu), 'cooling_until_ms', 0);
      return Math.max(0, Math.round((untilMs - nowMs) / 1000));
    };
    await life.beat();
    for (let failure = 1; failure < 5; failure += 1) await fail();
    expect(await cooling(), 'four failures are no row').toBe(0);
    const pauses: number[] = [];
    for (let failure = 0; failure < 5; failure += 1) {
      await fail();
      // what was under way at the time says nothing new
      await fail();
      pauses.push(await cooling());
    }
    expect(pauses).toEqual([1, 2, 4, 8, 8]);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.settle((await life.run(job)).lease, completed);
    await fail();
    expect(await cooling()).toBe(0);
  });
});
