import { definePlants, type DriftingCell, lane, LATER_MS } from './drifting-cell.fixtures.ts';

/** Drift of what waits: lanes, retries, hints. */
export const PLANTS_OF_WAITING = definePlants({
  'lane-missing': async (cell) => {
    const lost = await cell.queued({ deadlineMs: 60_000 });
    const other = await cell.queued({ deadlineMs: 70_000 });
    await cell.redis.zrem(cell.key(`lane:${lane}`), lost.id);
    return {
      subject: lost.id,
      audited: ['lanes-input'],
      healthy: [lost.id, other.id],
      observe: () => cell.heads(),
    };
  },
  'lane-misplaced': async (cell) => {
    const first = await cell.queued({ deadlineMs: 60_000 });
    const second = await cell.queued({ deadlineMs: 70_000 });
    await cell.redis.zadd(cell.key(`lane:${lane}`), LATER_MS, first.id);
    return { subject: first.id, healthy: [first.id, second.id], observe: () => cell.heads() };
  },
  'lane-stray': async (cell) => {
    const ended = await cell.ended();
    const other = await cell.queued();
    await cell.redis.zadd(cell.key(`lane:${lane}`), 1, ended);
    return { subject: ended, healthy: [other.id], observe: () => cell.heads() };
  },
  'lanes-missing': async (cell) => {
    const { id } = await cell.queued();
    await cell.redis.srem(cell.key('lanes'), lane);
    return { subject: lane, healthy: [id], observe: () => cell.heads() };
  },
  'lanes-stray': async (cell) => {
    await cell.redis.sadd(cell.key('lanes'), 'standard:other:acme:open');
    return {
      subject: 'standard:other:acme:open',
      healthy: [],
      observe: async () => (await cell.life.snapshot()).lanes,
    };
  },
  'lanes-input': async (cell) => {
    await cell.queued();
    await cell.queued();
    await cell.redis.hincrby(cell.key('lanes:input'), lane, 1000);
    return {
      subject: lane,
      healthy: [20],
      observe: async () => (await cell.life.snapshot()).lanes.map(({ inputTokens }) => inputTokens),
    };
  },
  'retry-missing': async (cell) => {
    const id = await cell.retrying();
    await cell.redis.zrem(cell.key('retry'), id);
    return { subject: id, healthy: [id], observe: () => headsWhenDue(cell, id) };
  },
  'retry-misplaced': async (cell) => {
    const id = await cell.retrying();
    await cell.redis.zadd(cell.key('retry'), LATER_MS + 1000, id);
    return {
      subject: id,
      healthy: String(LATER_MS),
      observe: () => cell.redis.zscore(cell.key('retry'), id),
    };
  },
  'retry-stray': async (cell) => {
    const { lease } = await cell.running();
    await cell.redis.zadd(cell.key('retry'), LATER_MS, lease.jobId);
    return { subject: lease.jobId, healthy: 0, observe: async () => (await cell.audit()).retrying };
  },
  'fresh-stray': async (cell) => {
    const { lease } = await cell.running();
    await cell.redis.zadd(cell.key('fresh'), 1, lease.jobId);
    return { subject: lease.jobId, healthy: 0, observe: () => cell.redis.zcard(cell.key('fresh')) };
  },
  'unseen-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.zadd(cell.key('unseen'), LATER_MS, ended);
    return { subject: ended, healthy: 0, observe: () => cell.redis.zcard(cell.key('unseen')) };
  },
});

/** What a plan sees waiting when the time of a retry has come. */
async function headsWhenDue(cell: DriftingCell, id: string): Promise<readonly string[]> {
  await cell.redis.hset(cell.key(`job:${id}`), 'available_at_ms', 1);
  await cell.redis.zadd(cell.key('retry'), 'XX', 1, id);
  return cell.heads();
}
