import { completed, gpu, leftBehind, NOTHING, worker } from '../jobs/job-life.fixtures.ts';
import { definePlants, LATER_MS } from './drifting-cell.fixtures.ts';

/** Drift of what backends and workers hold. */
export const PLANTS_OF_HOLDING = definePlants({
  'dispatched-missing': async (cell) => {
    const { id } = await cell.dispatched();
    await cell.redis.zrem(cell.backendKey('dispatched'), id);
    return {
      subject: id,
      audited: ['held-tokens'],
      healthy: [id],
      observe: async () => (await cell.life.claim()).claims.map(({ lease }) => lease.jobId),
    };
  },
  'dispatched-misplaced': async (cell) => {
    const { id } = await cell.dispatched();
    await cell.redis.zadd(cell.backendKey('dispatched'), LATER_MS, id);
    return { subject: id, healthy: 1, observe: () => cell.rescueFromBackend() };
  },
  'dispatched-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.zadd(cell.backendKey('dispatched'), 1, ended);
    return { subject: ended, healthy: { held: 0, tokens: 0 }, observe: () => cell.held() };
  },
  'running-missing': async (cell) => {
    const { lease } = await cell.running();
    await cell.redis.zrem(cell.backendKey('running'), lease.jobId);
    return {
      subject: lease.jobId,
      audited: ['held-tokens'],
      healthy: [{ held: 1, tokens: 30 }, NOTHING],
      observe: async () => {
        const held = await cell.held();
        await cell.life.settle(lease, completed);
        return [held, await leftBehind(cell)];
      },
    };
  },
  'running-misplaced': async (cell) => {
    const { lease, startedAtMs, attemptTimeoutMs } = await cell.running();
    await cell.redis.zadd(cell.backendKey('running'), LATER_MS, lease.jobId);
    return {
      subject: lease.jobId,
      healthy: String(startedAtMs + attemptTimeoutMs),
      observe: () => cell.redis.zscore(cell.backendKey('running'), lease.jobId),
    };
  },
  'running-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.zadd(cell.backendKey('running'), LATER_MS, ended);
    return { subject: ended, healthy: { held: 0, tokens: 0 }, observe: () => cell.held() };
  },
  'suspects-missing': async (cell) => {
    const [first, second] = [await cell.suspect(), await cell.suspect()];
    await cell.life.dispatch(cell.life.assignment(first));
    await cell.redis.srem(cell.backendKey('suspects'), first.id);
    return { subject: first.id, healthy: ['last-chance-alone'], observe: () => cell.refusals(second) };
  },
  'suspects-stray': async (cell) => {
    const ended = await cell.ended();
    const suspect = await cell.suspect();
    await cell.redis.sadd(cell.backendKey('suspects'), ended);
    return { subject: ended, healthy: [], observe: () => cell.refusals(suspect) };
  },
  'pinned-missing': async (cell) => {
    const { id, dueAtMs } = await cell.pinned();
    await cell.redis.zrem(cell.backendKey('pinned'), id);
    return { subject: id, healthy: dueAtMs, observe: () => cell.pinnedDueAtMs() };
  },
  'pinned-misplaced': async (cell) => {
    const { id, dueAtMs } = await cell.pinned();
    await cell.redis.zadd(cell.backendKey('pinned'), LATER_MS, id);
    return { subject: id, healthy: dueAtMs, observe: () => cell.pinnedDueAtMs() };
  },
  'pinned-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.zadd(cell.backendKey('pinned'), LATER_MS, ended);
    return { subject: ended, healthy: undefined, observe: () => cell.pinnedDueAtMs() };
  },
  'held-missing': async (cell) => {
    const { lease } = await cell.running();
    await cell.redis.srem(cell.key(`worker:${worker}:held`), lease.jobId);
    return {
      subject: lease.jobId,
      healthy: 1,
      observe: async () => {
        await cell.redis.zadd(cell.key('workers'), 1, worker);
        return cell.rescue();
      },
    };
  },
  'held-stray': async (cell) => {
    const ended = await cell.ended();
    await cell.redis.sadd(cell.key(`worker:${worker}:held`), ended);
    return {
      subject: ended,
      healthy: { held: 0, workersLeft: 0 },
      observe: async () => {
        const { held } = await cell.audit();
        await cell.life.leave(worker, gpu, true);
        return { held, workersLeft: await cell.redis.zcard(cell.key('workers')) };
      },
    };
  },
  'workers-missing': async (cell) => {
    await cell.running();
    await cell.redis.zrem(cell.key('workers'), worker);
    return { subject: worker, healthy: 1, observe: () => cell.rescue() };
  },
  'backends-missing': async (cell) => {
    await cell.dispatched();
    await cell.redis.srem(cell.keys.backends, gpu);
    return { subject: gpu, healthy: 1, observe: () => cell.rescueFromBackend() };
  },
  'held-tokens': async (cell) => {
    await cell.running();
    await cell.dispatched();
    await cell.redis.hincrby(cell.keys.backend(gpu), 'held_tokens', 1000);
    return { subject: gpu, healthy: { held: 2, tokens: 60 }, observe: () => cell.held() };
  },
});
