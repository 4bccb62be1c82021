import type { EventId, JobId } from '@spillway/core';
import {
  createDeliveryStore,
  createDuties,
  type DeliveryRecord,
  type DeliveryStore,
  openEventLog,
} from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { describe, expect, test } from 'vitest';
import { endJob, eventIdOf } from '../testing/end-job.ts';
import { followLog } from '../testing/follow-log.ts';
import { NO_METRICS } from '../testing/no-metrics.ts';
import { type OutboxDeps, runOutboxOnce } from './run-outbox-once.ts';

const TARGET = { url: 'https://hooks.example.com/in' };
const target = { url: 'https://hooks.example.com/in', secret: `whsec_${'A'.repeat(32)}` };
const NO_WAIT_MS = 1;
const reader = { consumer: 'one', idleIsDeadMs: 0, onMalformed: () => undefined };

/** A consumer of the outbox whose publisher only notes what it is asked to plan. */
async function openOutbox(store: TestStore, changes: Partial<OutboxDeps> = {}) {
  const { redis, keys } = store;
  const published: EventId[] = [];
  const log = await openEventLog(await store.connect(), keys, reader);
  const deliveries: DeliveryStore = createDeliveryStore(redis, keys);
  const deps: OutboxDeps = {
    log,
    deliveries,
    publisher: {
      publish: async (ids) => {
        published.push(...ids);
      },
    },
    nowMs: Date.now,
    logger: followLog().logger,
    metrics: NO_METRICS,
    ...changes,
  };
  return {
    published,
    run: () => runOutboxOnce(deps, NO_WAIT_MS),
    delivery: (id: JobId): Promise<DeliveryRecord | undefined> => deliveries.read(eventIdOf(id)),
    left: () => redis.xlen(keys.events),
  };
}

const failOnce = <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) => {
  let failed = false;
  return async (...args: Args): Promise<Answer> => {
    if (failed) return call(...args);
    failed = true;
    throw new Error('the process is gone');
  };
};

describe('the outbox', () => {
  test('the end of a job that wants to be told becomes one planned delivery, and its entry is gone', async () => {
    await using store = await openTestStore();
    const outbox = await openOutbox(store);
    const job = await endJob(store, target);
    await outbox.run();
    expect(outbox.published).toEqual([eventIdOf(job)]);
    expect(await outbox.delivery(job)).toMatchObject({
      event: { type: 'job.cancelled', data: { id: job, object: 'job', status: 'cancelled' } },
      target,
      attempts: [],
      state: 'pending',
    });
    expect(await outbox.left()).toBe(0);
  });

  test('nobody to tell, or not of this: the entry is let go and nothing is planned', async () => {
    await using store = await openTestStore();
    const outbox = await openOutbox(store);
    const silent = await endJob(store, undefined);
    const filtered = await endJob(store, { ...TARGET, events: ['job.completed', 'job.failed'] });
    const wanted = await endJob(store, { ...TARGET, events: ['job.cancelled'] });
    await outbox.run();
    expect(outbox.published).toEqual([eventIdOf(wanted)]);
    expect(await outbox.delivery(silent)).toBeUndefined();
    expect(await outbox.delivery(filtered)).toBeUndefined();
    expect(await outbox.left()).toBe(0);
  });

  test('a crash after the delivery is kept and before it is planned loses nothing', async () => {
    await using store = await openTestStore();
    const published: EventId[] = [];
    const publish = failOnce(async (ids: readonly EventId[]) => void published.push(...ids));
    const outbox = await openOutbox(store, { publisher: { publish } });
    const job = await endJob(store, target);
    await expect(outbox.run()).rejects.toThrow('the process is gone');
    expect(await outbox.left()).toBe(1);
    await outbox.run();
    expect(published).toEqual([eventIdOf(job)]);
    expect(await outbox.left()).toBe(0);
  });

  test('a crash after it is planned and before the entry is let go plans the same delivery, not a second one', async () => {
    await using store = await openTestStore();
    const log = await openEventLog(await store.connect(), store.keys, reader);
    const acknowledge = failOnce((entries: readonly string[]) => log.acknowledge(entries));
    const forgetful: OutboxDeps['log'] = { ...log, acknowledge };
    const outbox = await openOutbox(store, { log: forgetful });
    const job = await endJob(store, target);
    await expect(outbox.run()).rejects.toThrow('the process is gone');
    const first = await outbox.delivery(job);
    await outbox.run();
    expect(outbox.published).toEqual([eventIdOf(job), eventIdOf(job)]);
    expect(await outbox.delivery(job)).toEqual(first);
    expect(await store.redis.keys(`${store.keys.prefix}delivery:*`)).toHaveLength(1);
    expect(await outbox.left()).toBe(0);
  });

  test('a delivery that cannot be kept holds up none of the others, and its entry stays', async () => {
    await using store = await openTestStore();
    const real = createDeliveryStore(store.redis, store.keys);
    const broken = await endJob(store, target);
    const fine = await endJob(store, target);
    const outbox = await openOutbox(store, {
      deliveries: {
        create: async (event, to) => {
          if (event.id === eventIdOf(broken)) throw new Error('not to be kept');
          await real.create(event, to);
        },
      },
    });
    await expect(outbox.run()).rejects.toThrow('not to be kept');
    expect(outbox.published).toEqual([eventIdOf(fine)]);
    expect(await outbox.left()).toBe(1);
  });

  test('a job that was forgotten before its event was read is told of all the same', async () => {
    await using store = await openTestStore();
    const outbox = await openOutbox(store);
    const job = await endJob(store, target);
    await store.redis.zadd(`${store.keys.prefix}retained`, 1, job);
    expect(await createDuties(store.redis, store.keys).purgeRetained()).toBe(1);
    await outbox.run();
    expect(outbox.published).toEqual([eventIdOf(job)]);
    expect(await outbox.delivery(job)).toMatchObject({ target, state: 'pending' });
  });

  test('an entry about nothing of ours is logged and set aside, and holds up none of the others', async () => {
    await using store = await openTestStore();
    const log = followLog();
    const outbox = await openOutbox(store, { logger: log.logger });
    await store.redis.xadd(
      store.keys.events,
      '*',
      'type',
      'job.failed',
      'subject',
      'job_1',
      'at_ms',
      '1',
      'target',
      JSON.stringify(TARGET),
    );
    const job = await endJob(store, target);
    await outbox.run();
    expect(await log.first(1, 'outbox.entry_set_aside')).toMatchObject([{ subject: 'job_1' }]);
    expect(outbox.published).toEqual([eventIdOf(job)]);
    expect(await outbox.left()).toBe(0);
    const [aside] = await store.redis.xrange(store.keys.eventsAside, '-', '+');
    expect(aside?.[1]).toContain('job_1');
    expect(await store.redis.xlen(store.keys.eventsAside)).toBe(1);
  });
});
