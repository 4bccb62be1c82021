import { hasBatchEnded } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import { wait } from '@spillway/service-kit';

const LOOK_EVERY_MS = 250;

/** The batch after its next change, or as it is after `seconds`; undefined when it is forgotten meanwhile. */
export async function awaitChange(
  batches: Pick<BatchStore, 'one'>,
  first: BatchRecord,
  seconds: number,
  signal: AbortSignal,
): Promise<BatchRecord | undefined> {
  const untilMs = performance.now() + seconds * 1000;
  let record: BatchRecord | undefined = first;
  while (record !== undefined && record.version === first.version && !hasBatchEnded(record.status)) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0 || (await wait(Math.min(LOOK_EVERY_MS, leftMs), signal)) === 'aborted') return record;
    record = await batches.one(first.id, first.tenantId);
  }
  return record;
}
