import type { BlobStore } from '@spillway/blobs';
import type { Config } from '@spillway/contracts';
import type { BatchTurn, JobId } from '@spillway/core';
import type { Extractor } from '@spillway/documents';
import type { BatchLease, BatchWork, FileStore, LeasedBatch } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { BatchMetrics } from '../batch-metrics.ts';

/** What every turn works with. */
export interface TurnDeps {
  readonly work: BatchWork;
  readonly files: FileStore;
  readonly blobs: BlobStore;
  readonly extractor: Extractor;
  readonly config: () => Config;
  readonly newJobId: () => JobId;
  readonly metrics: BatchMetrics;
  readonly logger: Logger;
}

/** One thing to do for one batch, as it stood a moment ago. */
export interface Turn<Kind extends BatchTurn['kind'] = BatchTurn['kind']> {
  readonly lease: BatchLease;
  readonly batch: LeasedBatch;
  readonly turn: Extract<BatchTurn, { readonly kind: Kind }>;
  readonly signal: AbortSignal;
}

/** `next`: look again at once. `later`: nothing could be done now. `alarm`: something is wrong, and people were told. */
export type TurnOutcome = 'next' | 'later' | 'alarm';
