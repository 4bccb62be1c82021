import { createAuditCell } from '@spillway/redis';
import type { Leftovers } from '../history/facts.ts';
import type { Store } from '../house/open-store.ts';
import { lookAtBatches } from './look-at-batches.ts';

/** Reads, once, what the store still holds that should be gone when all has ended, and where its indices disagree. */
export type AuditStore = () => Promise<Omit<Leftovers, 'processes' | 'blobs'>>;

export function createAuditStore(store: Store): AuditStore {
  const audit = createAuditCell(store.redis, store.keys);
  return async () => {
    const { drift, ...counts } = await audit();
    const batches = await lookAtBatches(store);
    return { counts: { ...counts, ...batches.counts }, drift, known: batches.known };
  };
}
