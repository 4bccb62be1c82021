import type { BlobStore } from '@spillway/blobs';
import { openTestBlobStore } from '@spillway/blobs/testing';
import type { Config, DocumentBatchBody, JobBody } from '@spillway/contracts';
import type { BatchId, JobId, TenantId } from '@spillway/core';
import { type BatchRecord, closeRedis, createBatchStore, createSignals, openRedis } from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { createLogger, createMetrics, listen } from '@spillway/service-kit';
import { createApp } from '../app.ts';
import { createFindTenant } from '../auth/tenant-keys.ts';
import { createEndedJobs } from '../http/ended-jobs.ts';
import { createHttpMetrics } from '../http-metrics.ts';
import { createNewIds } from '../new-ids.ts';
import { type BatchLife, createBatchLife } from './batch-life.ts';
import { createContractCheck } from './contract-check.ts';
import { countWaiting } from './count-waiting.ts';
import { type Ask, bodyOf, createAsk } from './create-ask.ts';
import { createJobLife, type JobLife } from './job-life.ts';
import { batchForm, chat, type TestFile, testConfig, type TestTenant } from './samples.ts';

/** The service over real HTTP on a cell of its own, and the store and the workers behind it. */
export interface TestApi {
  readonly url: string;
  readonly store: TestStore;
  readonly blobs: BlobStore;
  readonly life: JobLife;
  /** Of the batches of `acme`. */
  readonly batchLife: BatchLife;
  readonly log: readonly string[];
  /** The ids given to jobs so far, also to those that were then refused. */
  readonly jobIds: readonly JobId[];
  readonly ask: Ask;
  /** Resolves when so many requests wait for the end of a job: one, unless said otherwise. */
  untilWaiting(count?: number): Promise<void>;
  /** Submits and expects 202. */
  submit(body?: unknown, headers?: Readonly<Record<string, string>>, tenant?: TestTenant): Promise<JobBody>;
  submitBatch(files: readonly TestFile[], options?: Record<string, unknown>): Promise<DocumentBatchBody>;
  /** As the store has it, of `acme`. */
  batchOf(id: BatchId): Promise<BatchRecord | undefined>;
  /** As if the file had been changed; tenants and their keys stay. */
  reconfigure(config: Config): void;
  /** The keys of the jobs that the store holds. */
  storedJobs(): Promise<readonly string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestApiOptions {
  readonly config?: Config;
  /** Where the service is to find Redis, when not directly. */
  readonly redisUrlOf?: (storeUrl: string) => Promise<string>;
  /** What the service is to have for a blob store. */
  readonly blobsOf?: (blobs: BlobStore) => BlobStore;
}

let contractCheck: ReturnType<typeof createContractCheck> | undefined;

export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const store = await openTestStore();
  const { keys } = store;
  const url = (await options.redisUrlOf?.(store.url)) ?? store.url;
  const redis = await openRedis(url, 'request', () => undefined);
  const ended = countWaiting(createEndedJobs());
  await createSignals(await store.connect(), keys).onEnded((id) => ended.notify(id));
  let config = options.config ?? testConfig();
  const findTenant = createFindTenant(config, undefined);
  const { blobs, ...blobFolder } = await openTestBlobStore();
  const ids = createNewIds();
  const log: string[] = [];
  const jobIds: JobId[] = [];
  const metrics = createMetrics('ingest-api');
  const app = createApp({
    redis,
    keys,
    ended,
    config: () => config,
    configVersion: () => 'sha256:00',
    findTenant: () => findTenant,
    blobs: options.blobsOf?.(blobs) ?? blobs,
    ids: {
      ...ids,
      newJobId: () => {
        const id = ids.newJobId();
        jobIds.push(id);
        return id;
      },
    },
    logger: createLogger('ingest-api', { level: 'info', write: (line) => log.push(line) }),
    metrics,
    httpMetrics: createHttpMetrics(metrics),
    ready: async () => ({ ok: (await redis.ping()) === 'PONG' }),
  });
  const server = await listen(app.fetch, { port: 0, host: '127.0.0.1' });
  const base = `http://127.0.0.1:${server.port}`;
  contractCheck ??= createContractCheck(await (await fetch(`${base}/openapi.json`)).json());
  const ask = createAsk(base, contractCheck);
  return {
    url: base,
    reconfigure: (changed) => {
      config = changed;
    },
    store,
    blobs,
    life: createJobLife(store),
    batchLife: createBatchLife(store, blobs),
    batchOf: (id) => createBatchStore(store.redis, keys).one(id, 'acme' as TenantId),
    log,
    jobIds,
    ask,
    untilWaiting: (count = 1) => ended.until(count),
    submit: async (body = chat(), headers = {}, tenant = 'acme') =>
      (await bodyOf(202, ask('/v1/jobs', { method: 'POST', body, headers, tenant }))) as JobBody,
    submitBatch: async (files, batchOptions) => {
      const body = batchForm(files, batchOptions);
      return (await bodyOf(202, ask('/v1/document-batches', { method: 'POST', body }))) as DocumentBatchBody;
    },
    storedJobs: async () => {
      const found = await store.redis.keys(`${keys.prefix}job:*`);
      return found.filter((key) => /:job_[0-9a-z]{26}$/.test(key));
    },
    [Symbol.asyncDispose]: async () => {
      await server.close(200);
      await closeRedis(redis);
      await store[Symbol.asyncDispose]();
      await blobFolder[Symbol.asyncDispose]();
    },
  };
}
