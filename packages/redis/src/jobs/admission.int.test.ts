import { idFromUuid, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { createListJobs } from './list-jobs.ts';
import { newJob, noLimit, openLife, tenant } from './job-life.fixtures.ts';

describe('admission', () => {
  test('one idempotency key makes one job, also under concurrency, and refuses another body', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const key = { key: 'k-1', bodyHash: 'h-1', keepMs: 86_400_000 };
    const jobs = Array.from({ length: 20 }, () => newJob());
    const replies = await Promise.all(jobs.map((job) => life.submit(job, noLimit, key)));
    expect(replies.filter((reply) => reply.kind === 'accepted')).toHaveLength(1);
    expect(replies.filter((reply) => reply.kind === 'replayed')).toHaveLength(19);
    expect(await life.submit(newJob(), noLimit, { ...key, bodyHash: 'h-2' })).toEqual({
      kind: 'conflict',
    });
    expect((await life.snapshot()).lanes).toMatchObject([{ depth: 1 }]);
  });

  test('a command that is sent again because its reply was lost makes one job, counted once', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.run(job);
    const first = await life.reader.one(job.id);
    expect(await life.submit(job, noLimit, undefined)).toMatchObject({
      kind: 'accepted',
      record: { id: job.id, state: 'queued', createdAtMs: first?.createdAtMs },
    });
    expect(await life.stateOf(job.id)).toBe('running');
    expect(await store.redis.scard(`${store.keys.prefix}tenant:${tenant}:live`)).toBe(1);
  });

  test('a replay gives the first answer, whatever became of the job, even when the job is forgotten', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const key = { key: 'k-2', bodyHash: 'h', keepMs: 86_400_000 };
    const job = newJob({ retainMs: 1, description: { findings: ['email'], metadata: { document: 'a' } } });
    await life.submit(newJob({ deadlineMs: 10_000 }), noLimit, undefined);
    const first = await life.submit(job, noLimit, key);
    expect(first).toMatchObject({ kind: 'accepted', position: 2, record: await life.reader.one(job.id) });
    await life.cancel(job.id, tenant);
    await expect.poll(() => life.duties.purgeRetained()).toBe(1);
    expect(await life.reader.one(job.id)).toBeUndefined();
    expect(await life.submit(newJob(), noLimit, key)).toEqual({ ...first, kind: 'replayed' });
    const [record = ''] = await store.redis.keys(`${store.keys.prefix}idem:*`);
    expect(await store.redis.pttl(record), 'it is forgotten in its time').toBeGreaterThan(86_000_000);
  });

  test('a thousand submissions at once share their calls, and each is judged for itself', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const calls = async (): Promise<number> => {
      const stats = await store.redis.info('commandstats');
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    await life.submit(newJob(), noLimit, undefined);
    const before = await calls();
    const limits = { maxQueuedJobs: 900, maxQueueLength: undefined };
    const replies = await Promise.all(
      Array.from({ length: 1000 }, () => life.submit(newJob(), limits, undefined)),
    );
    expect(replies.filter(({ kind }) => kind === 'accepted')).toHaveLength(899);
    expect(replies.filter(({ kind }) => kind === 'over-quota')).toHaveLength(101);
    // other tests share this server, and its counters
    expect((await calls()) - before).toBeLessThan(500);
    expect(await store.redis.zcard(store.keys.tenantJobs(tenant))).toBe(900);
  });

  test('quota and queue length refuse before anything is written', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const limits = { maxQueuedJobs: 1, maxQueueLength: undefined };
    await life.submit(newJob(), limits, undefined);
    expect(await life.submit(newJob(), limits, undefined)).toEqual({ kind: 'over-quota', live: 1 });
    expect(await life.submit(newJob(), { maxQueuedJobs: 9, maxQueueLength: 0 }, undefined)).toEqual({
      kind: 'queue-too-long',
      length: 1,
    });
  });

  test('lists are newest first, by page, and filtered', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const list = createListJobs(store.redis, store.keys, life.reader);
    const jobs = Array.from({ length: 5 }, (_, index) =>
      newJob({ id: idFromUuid('JobId', `0190000${index}-0000-7000-8000-000000000000`) }),
    );
    for (const job of jobs) await life.submit(job, noLimit, undefined);
    await life.cancel(jobs[0]?.id ?? newJob().id, tenant);
    const all = { states: undefined, jobClass: undefined, batchId: undefined, after: undefined, limit: 2 };
    const first = await list(tenant, all);
    expect(first.next).toBe(jobs[3]?.id);
    expect(first.jobs.map((job) => job.id)).toEqual([jobs[4]?.id, jobs[3]?.id]);
    const rest = await list(tenant, { ...all, after: first.next, limit: 9 });
    expect(rest.next).toBeUndefined();
    expect(rest.jobs).toHaveLength(3);
    expect((await list(tenant, { ...all, states: ['cancelled'] })).jobs).toHaveLength(1);
    expect((await list('other' as TenantId, all)).jobs).toEqual([]);
  });
});
