import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { completed, newJob, noLimit, tenant } from '../jobs/job-life.fixtures.ts';
import { createListJobs } from '../jobs/list-jobs.ts';
import { definePlants, type DriftingCell, LATER_MS } from './drifting-cell.fixtures.ts';

/** Drift of the clocks, of what tenants have, and of what is kept for a while. */
export const PLANTS_OF_LIFE = definePlants({
  'deadline-missing': async (cell) => {
    const { id } = await cell.queued();
    await cell.redis.zrem(cell.key('clocks:deadline'), id);
    return {
      subject: id,
      healthy: 1,
      observe: async () => {
        await cell.redis.hset(cell.keys.job(id), 'deadline_at_ms', 1);
        await cell.redis.zadd(cell.key('clocks:deadline'), 'XX', 1, id);
        return cell.life.duties.expireOverdue();
      },
    };
  },
  'deadline-misplaced': async (cell) => {
    const { id } = await cell.queued();
    await cell.redis.zadd(cell.key('clocks:deadline'), LATER_MS, id);
    return {
      subject: id,
      healthy: String((await cell.life.reader.one(id))?.deadlineAtMs),
      observe: () => cell.redis.zscore(cell.key('clocks:deadline'), id),
    };
  },
  'deadline-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.zadd(cell.key('clocks:deadline'), LATER_MS, ended);
    return { subject: ended, healthy: 0, observe: () => cell.redis.zcard(cell.key('clocks:deadline')) };
  },
  'start-missing': async (cell) => {
    const { id } = await cell.queued({ startWithinMs: 30_000 });
    await cell.redis.zrem(cell.key('clocks:start'), id);
    return {
      subject: id,
      healthy: 1,
      observe: async () => {
        await cell.redis.zadd(cell.key('clocks:start'), 'XX', 1, id);
        return cell.life.duties.expireUnstarted();
      },
    };
  },
  'start-misplaced': async (cell) => {
    const { id } = await cell.queued({ startWithinMs: 30_000 });
    await cell.redis.zadd(cell.key('clocks:start'), LATER_MS, id);
    return {
      subject: id,
      healthy: await cell.redis.hget(cell.keys.job(id), 'start_by_ms'),
      observe: () => cell.redis.zscore(cell.key('clocks:start'), id),
    };
  },
  'start-stray': async (cell) => {
    const { lease } = await cell.running({ startWithinMs: 30_000 });
    await cell.redis.zadd(cell.key('clocks:start'), LATER_MS, lease.jobId);
    return {
      subject: lease.jobId,
      healthy: 0,
      observe: () => cell.redis.zcard(cell.key('clocks:start')),
    };
  },
  'live-missing': async (cell) => {
    const { id } = await cell.queued();
    await cell.redis.srem(cell.key(`tenant:${tenant}:live`), id);
    return { subject: id, healthy: 'over-quota', observe: () => submitAsOnlyOne(cell) };
  },
  'live-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.sadd(cell.key(`tenant:${tenant}:live`), ended);
    return { subject: ended, healthy: 'accepted', observe: () => submitAsOnlyOne(cell) };
  },
  'jobs-missing': async (cell) => {
    const id = await cell.ended();
    await cell.redis.zrem(cell.keys.tenantJobs(tenant), id);
    return { subject: id, healthy: [id], observe: () => listed(cell) };
  },
  'jobs-misplaced': async (cell) => {
    const [first = '', second = ''] = [await cell.ended(), await cell.ended()].toSorted();
    await cell.redis.zadd(cell.keys.tenantJobs(tenant), 1, first);
    return { subject: first, healthy: [second, first], observe: () => listed(cell) };
  },
  'jobs-stray': async (cell) => {
    const forgotten = idFromUuid('JobId', randomUUID());
    await cell.redis.zadd(cell.keys.tenantJobs(tenant), 0, forgotten);
    return {
      subject: forgotten,
      healthy: 0,
      observe: () => cell.redis.exists(cell.keys.tenantJobs(tenant)),
    };
  },
  'retained-missing': async (cell) => {
    const id = await cell.ended();
    await cell.redis.zrem(cell.key('retained'), id);
    return {
      subject: id,
      healthy: [1, undefined],
      observe: async () => {
        await cell.redis.zadd(cell.key('retained'), 'XX', 1, id);
        return [await cell.life.duties.purgeRetained(), await cell.life.reader.one(id)];
      },
    };
  },
  'retained-misplaced': async (cell) => {
    const id = await cell.ended();
    await cell.redis.zadd(cell.key('retained'), 1, id);
    return { subject: id, healthy: 0, observe: () => cell.life.duties.purgeRetained() };
  },
  'retained-stray': async (cell) => {
    const { lease } = await cell.running();
    await cell.redis.zadd(cell.key('retained'), 1, lease.jobId);
    return {
      subject: lease.jobId,
      healthy: [0, { kind: 'settled', state: 'completed' }],
      observe: async () => [await cell.life.duties.purgeRetained(), await cell.life.settle(lease, completed)],
    };
  },
});

const submitAsOnlyOne = async ({ life }: DriftingCell): Promise<string> =>
  (await life.submit(newJob(), { ...noLimit, maxQueuedJobs: 1 }, undefined)).kind;

async function listed({ redis, keys, life }: DriftingCell): Promise<readonly string[]> {
  const filter = { states: undefined, jobClass: undefined, batchId: undefined, after: undefined, limit: 10 };
  const page = await createListJobs(redis, keys, life.reader)(tenant, filter);
  return page.jobs.map(({ id }) => id);
}
