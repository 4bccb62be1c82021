import { randomUUIDv7 } from 'node:crypto';
import { blobSettingsOf, createBlobStore } from '@spillway/blobs';
import { idFromUuid } from '@spillway/core';
import { createExtractor } from '@spillway/documents';
import {
  createBatchWork,
  createFileStore,
  createSignals,
  createUploadStore,
  openCell,
} from '@spillway/redis';
import { every, openCellService, startOpsServer, type TaskFailure } from '@spillway/service-kit';
import { createBatchMetrics } from './batch-metrics.ts';
import { BatchWorker } from './batch-worker.ts';
import { environmentSchema } from './environment.ts';
import { forgetFilesOnce } from './forget-files-once.ts';
import { workOnBatch } from './work-on-batch.ts';

/** What one document may take: two at once, and no longer, larger or wordier than a book. */
const EXTRACTION = { threads: 2, timeoutMs: 60_000, maxMemoryMb: 512, maxTextChars: 2_000_000 };
const FORGET_EVERY_MS = 5000;
const SWEEP_EVERY_MS = 600_000;

await using stack = new AsyncDisposableStack();
const service = await openCellService('batch-worker', environmentSchema, process, stack);
const { environment, logger, config, metrics, shutdown } = service;
const cell = await openCell({ ...service.store, role: 'background' }, stack);
const { redis, keys } = cell;
const blobs = await createBlobStore(blobSettingsOf(config.current().config.storage, environment.BLOB_FOLDER));
const extractor = stack.adopt(createExtractor(EXTRACTION), (open) => open.close());

const work = createBatchWork(redis, keys);
const files = createFileStore(redis, keys);
const uploads = createUploadStore(redis, keys);
const deps = {
  work,
  files,
  blobs,
  extractor,
  config: () => config.current().config,
  newJobId: () => idFromUuid('JobId', randomUUIDv7()),
  metrics: createBatchMetrics(metrics),
  logger,
};
const worker = new BatchWorker({
  work,
  onBatch: (lease, signal) => workOnBatch(deps, lease, signal),
  concurrency: () => deps.config().batches.concurrency,
  logger,
});
await createSignals(cell.listener, keys).onBatch(() => worker.wake());

const ops = await startOpsServer({
  port: environment.OPS_PORT,
  host: environment.HOST,
  logger,
  metrics,
  checks: { ready: async () => ({ ok: (await redis.ping()) === 'PONG' }) },
});
stack.defer(() => ops.close());
logger.announce({ event: 'service.started', port: ops.port });

const failed = ({ error, suppressed }: TaskFailure): void =>
  logger.warn({ event: 'files.not_forgotten', error, suppressed });
await Promise.all([
  worker.run(shutdown),
  every(
    FORGET_EVERY_MS,
    shutdown,
    (signal) => forgetFilesOnce({ work, files, uploads, blobs }, signal),
    failed,
  ),
  every(SWEEP_EVERY_MS, shutdown, async (signal) => void (await blobs.sweep(Date.now(), { signal })), failed),
]);
