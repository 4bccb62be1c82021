import { hasBatchEnded } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import { wait } from '@spillway/service-kit';

export interface WatchOptions {
  readonly batches: Pick<BatchStore, 'one'>;
  /** As it is now. */
  readonly record: BatchRecord;
  /** The version known already. */
  readonly known: number | undefined;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * The batch at first, unless that is the version known, and after every change; undefined at a look that found none. It
 * ends with the batch, when that is forgotten, and when the signal aborts.
 */
export async function* watchBatch(
  options: WatchOptions,
): AsyncGenerator<BatchRecord | undefined, void, undefined> {
  const { batches, everyMs, signal } = options;
  let { known } = options;
  let record: BatchRecord | undefined = options.record;
  while (record !== undefined) {
    yield record.version === known ? undefined : record;
    if (hasBatchEnded(record.status) || (await wait(everyMs, signal)) === 'aborted') return;
    known = record.version;
    record = await batches.one(record.id, record.tenantId);
  }
}
