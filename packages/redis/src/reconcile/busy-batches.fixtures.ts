import { type BatchId, decideTurn, type JobId } from '@spillway/core';
import { feedOf, newLine, openBatches, unfit } from '../batches/batch-life.fixtures.ts';
import type { BatchLease, LeasedBatch } from '../batches/batch-work.ts';
import { tenant } from '../jobs/job-life.fixtures.ts';
import type { TestStore } from '../testing/open-test-store.ts';

const LINES = 12;
const MOST_BATCHES = 6;
const LIMITS = { window: 5, drainLines: 3, drainBytes: 1_000_000, drainMs: 10, pollMs: 2 };

/** Makes batches, and asks this and that of them; each call is one thing. */
export function openBatchClient(store: TestStore) {
  const { batches, made } = { batches: openBatches(store), made: new Array<BatchId>() };
  const { redis, keys } = store;
  return async (round: number): Promise<void> => {
    const under = await redis.zcard(`${keys.prefix}batches:due`);
    if (under < MOST_BATCHES) made.push((await batches.create({ retainMs: 30, windowMs: 400 })).id);
    const id = made[(round * 7) % Math.max(1, made.length)];
    if (id === undefined) return;
    if (round % 10 === 9) await batches.store.requestCancel(id, tenant);
    else if (round % 10 === 8) await batches.store.forget(id, tenant);
    else await batches.store.setPaused(id, tenant, round % 3 === 0);
  };
}

/** Takes the next turn of whatever batch is due, in small; every few turns it dies with what it holds. */
export function openBatchWorker(store: TestStore, known: JobId[]) {
  const batches = openBatches(store);
  const { work } = batches;
  const take = async (lease: BatchLease, leased: LeasedBatch): Promise<number | undefined> => {
    const { record, view, nowMs } = leased;
    const turn = decideTurn(view, LIMITS, nowMs);
    switch (turn.kind) {
      case 'validate':
        await work.move(
          lease,
          view.status,
          view.status === 'cancelling' ? 'cancelling' : 'in_progress',
          undefined,
          {
            validated: 1,
            total: LINES,
          },
        );
        return 0;
      case 'feed': {
        // One has its outcome at once; one is over soon.
        const jobs = Array.from({ length: turn.room - 1 }, (_, index) =>
          newLine(view.cursor + index, { deadlineMs: index === 0 ? 20 : 400 }),
        );
        const nextCursor = view.cursor + turn.room;
        const outcomes = [unfit(nextCursor - 1)];
        await work.feed(lease, record, feedOf(view.cursor, jobs, { nextCursor, outcomes }));
        known.push(...jobs.map(({ id }) => id));
        return 0;
      }
      case 'drain':
        await work.drained(lease, { from: view.drained, count: view.settled, path: 'part' }, {});
        return 0;
      case 'hold':
      case 'resume':
      case 'cancel-open':
        await batches.sweep(lease, turn.kind === 'cancel-open' ? 'cancel' : turn.kind);
        return 0;
      case 'close':
        await work.move(lease, 'in_progress', 'finalizing', undefined);
        return 0;
      case 'finalise':
        await work.move(
          lease,
          view.status,
          view.status === 'cancelling' ? 'cancelled' : 'completed',
          undefined,
        );
        return 0;
      case 'wait':
        return turn.untilMs - nowMs;
      case 'advance':
      case 'leave':
        return undefined;
    }
  };
  return async (round: number): Promise<void> => {
    for (const { id } of await work.outlived(10)) await work.forget(id);
    const taking = await work.take(50);
    if (taking.kind !== 'taken' || round % 9 === 8) return;
    const leased = await work.view(taking.lease);
    if (leased !== undefined) await work.release(taking.lease, await take(taking.lease, leased));
  };
}
