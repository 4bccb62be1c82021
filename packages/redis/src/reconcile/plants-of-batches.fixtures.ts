import { randomUUID } from 'node:crypto';
import { type BatchId, idFromUuid } from '@spillway/core';
import { newJob, tenant } from '../jobs/job-life.fixtures.ts';
import { definePlants, type DriftingCell, LATER_MS } from './drifting-cell.fixtures.ts';

/** Drift of where batches stand, and of the jobs they wait for. */
export const PLANTS_OF_BATCHES = definePlants({
  'open-missing': async (cell) => {
    const begun = await cell.batches.begin(1);
    const [job = newJob()] = await cell.batches.feed(begun, 1);
    await cell.redis.srem(cell.key(`batch:${begun.id}:open`), job.id);
    return {
      subject: job.id,
      healthy: 'cancelled',
      observe: async () => {
        await cell.batches.sweep(begun.lease, 'cancel');
        return cell.life.stateOf(job.id);
      },
    };
  },
  'open-stray': async (cell) => {
    const begun = await cell.batches.begin(1);
    const ended = await cell.ended();
    await cell.redis.sadd(cell.key(`batch:${begun.id}:open`), ended);
    return {
      subject: ended,
      healthy: 0,
      observe: async () => (await cell.batches.view(begun.lease)).view.open,
    };
  },
  'batch-due-missing': async (cell) => {
    const { id } = await cell.batches.create();
    await cell.redis.zrem(cell.key('batches:due'), id);
    return { subject: id, healthy: id, observe: () => takenNext(cell) };
  },
  'batch-due-stray': async (cell) => {
    const unknown = idFromUuid('BatchId', randomUUID());
    await cell.redis.zadd(cell.key('batches:due'), LATER_MS, unknown);
    return {
      subject: unknown,
      healthy: { kind: 'nothing-due', nextInMs: undefined },
      observe: () => cell.batches.work.take(1000),
    };
  },
  'batch-running-missing': async (cell) => {
    const { id, lease } = await cell.batches.begin(1);
    await cell.redis.srem(cell.key('batches:running'), id);
    return {
      subject: id,
      healthy: 1,
      observe: async () => (await cell.batches.view(lease)).running,
    };
  },
  'batch-running-stray': async (cell) => {
    const { lease } = await cell.batches.begin(1);
    const { id } = await cell.batches.create();
    await cell.redis.sadd(cell.key('batches:running'), id);
    return {
      subject: id,
      healthy: 1,
      observe: async () => (await cell.batches.view(lease)).running,
    };
  },
  'batch-retained-missing': async (cell) => {
    const id = await endedBatch(cell);
    await cell.redis.zrem(cell.key('batches:retained'), id);
    return {
      subject: id,
      healthy: 'changed',
      observe: async () => (await cell.batches.store.forget(id, tenant)).kind,
    };
  },
  'batch-retained-misplaced': async (cell) => {
    const id = await endedBatch(cell);
    await cell.redis.zadd(cell.key('batches:retained'), 1, id);
    return { subject: id, healthy: [], observe: () => cell.batches.work.outlived(10) };
  },
  'batch-retained-stray': async (cell) => {
    const { id } = await cell.batches.begin(1);
    await cell.redis.zadd(cell.key('batches:retained'), 1, id);
    return { subject: id, healthy: [], observe: () => cell.batches.work.outlived(10) };
  },
});

async function takenNext({ batches }: DriftingCell): Promise<BatchId | undefined> {
  const taking = await batches.work.take(1000);
  return taking.kind === 'taken' ? taking.lease.batchId : undefined;
}

async function endedBatch({ batches }: DriftingCell): Promise<BatchId> {
  const { id } = await batches.create();
  const lease = await batches.take();
  await batches.work.move(lease, 'validating', 'failed', undefined);
  await batches.work.release(lease, undefined);
  return id;
}
