import { setTimeout } from 'node:timers/promises';
import type { BlobStore } from '@spillway/blobs';
import { hasBatchEnded } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import { batchPaths } from '../batch-paths.ts';
import { openLines } from './open-lines.ts';

export interface ReadOutcomesOptions {
  /** Whose outcomes: only its id and tenant are used, what changes is asked for again. */
  readonly batch: Pick<BatchRecord, 'id' | 'tenantId'>;
  /** Sequence number of the first outcome wanted: how many settled before it. */
  readonly from: number;
  readonly blobs: BlobStore;
  readonly store: Pick<BatchStore, 'one' | 'parts' | 'settled'>;
  /** Go on until the batch has ended; otherwise what there is now. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Between two looks at a batch in which nothing happened. */
  readonly pollMs: number;
}

/**
 * Outcomes in the order in which they settled, as JSON texts of `LineOutcome`, each once, whoever drains or finalises
 * meanwhile. It ends early when the batch is forgotten. Rejects with the signal's reason when that aborts.
 */
export async function* readOutcomes(options: ReadOutcomesOptions): AsyncGenerator<string, void, undefined> {
  const { batch, blobs, store, follow, signal, pollMs } = options;
  let position = options.from;
  for (;;) {
    signal.throwIfAborted();
    const record = await store.one(batch.id, batch.tenantId);
    if (record === undefined) return;
    if (hasBatchEnded(record.status)) {
      // The journal begins with the parts, in their order: the position means the same in both.
      const key = { tenantId: batch.tenantId, path: batchPaths(batch.id).journal };
      const journal = await openLines(blobs, key, position, { signal });
      if (journal !== undefined) yield* journal;
      return;
    }
    const before = position;
    for await (const text of drained(options, position)) {
      position += 1;
      yield text;
    }
    if (position > before) continue;
    const tail = await store.settled(batch.id, position, TAIL_LINES);
    for (const text of tail ?? []) {
      position += 1;
      yield text;
    }
    if (position > before) continue;
    // What is in neither place was written to a part, or to the journal, since we looked there.
    if (!follow && tail !== undefined && !(await hasEndedMeanwhile(options))) return;
    await pause(pollMs, signal);
  }
}

const PARTS_AT_ONCE = 16;
const TAIL_LINES = 500;

/** What stands in part files from the position on; a part that is gone ends it: the batch has ended meanwhile. */
async function* drained(
  { batch, blobs, store, signal }: ReadOutcomesOptions,
  from: number,
): AsyncGenerator<string, void, undefined> {
  let position = from;
  for (const part of await store.parts(batch.id, from, PARTS_AT_ONCE)) {
    const key = { tenantId: batch.tenantId, path: part.path };
    const lines = await openLines(blobs, key, position - part.from, { signal });
    if (lines === undefined) return;
    for await (const text of lines) {
      position += 1;
      yield text;
    }
    if (position !== part.from + part.count)
      throw new Error(`${part.path} does not hold ${part.count} outcomes`);
  }
}

async function hasEndedMeanwhile({ batch, store }: ReadOutcomesOptions): Promise<boolean> {
  const record = await store.one(batch.id, batch.tenantId);
  return record !== undefined && hasBatchEnded(record.status);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
