import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobStore, createDiskBlobStore } from '@spillway/blobs';
import { filePath } from '@spillway/batches';
import { type Config, configSchema } from '@spillway/contracts';
import { type BatchId, type FileId, idFromUuid, type TenantId } from '@spillway/core';
import { createExtractor } from '@spillway/documents';
import {
  type BatchRecord,
  type BatchStore,
  type BatchWork,
  createBatchStore,
  createBatchWork,
  createFileStore,
  type FileStore,
} from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { createLogger, createMetrics } from '@spillway/service-kit';
import { createBatchMetrics } from '../batch-metrics.ts';
import type { TurnDeps } from '../turns/turn.ts';

export const TENANT = 'acme' as TenantId;
const NEVER = new AbortController().signal;

/** All a batch-worker works with: the real store, files on a real disk. */
export interface BatchHouse extends AsyncDisposable {
  readonly store: TestStore;
  readonly batches: BatchStore;
  readonly work: BatchWork;
  readonly files: FileStore;
  readonly blobs: BlobStore;
  readonly deps: TurnDeps;
  /** What was logged, a JSON line each. */
  readonly log: readonly string[];
  /** Uploads an input and makes a batch of it. */
  createBatch(input: string, windowMs?: number): Promise<BatchRecord>;
  one(id: BatchId): Promise<BatchRecord>;
  /** The lines of a file of results; none without one. */
  resultLines(id: FileId | undefined): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Lines that all batches have between input and part files, as the store counts them. */
  linesUnderWay(): Promise<number>;
  /** The batch is due now, and whoever had it is dead. */
  makeDue(id: BatchId): Promise<void>;
}

export const batchConfig = (windowLines: number): Config =>
  configSchema.parse({
    backends: {
      'gpu-0': { kind: 'vllm', url: 'http://127.0.0.1:9/v1', models: { small: 'small' } },
    },
    batches: { window_lines: windowLines },
  });

export async function openBatchHouse(config: Config): Promise<BatchHouse> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await openTestStore());
  const { redis, keys } = store;
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-batches-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const blobs = createDiskBlobStore({ folder });
  const work = createBatchWork(redis, keys);
  const files = createFileStore(redis, keys);
  const batches = createBatchStore(redis, keys);
  const log: string[] = [];
  const extractor = stack.adopt(
    createExtractor({ threads: 1, timeoutMs: 20_000, maxMemoryMb: 256, maxTextChars: 1_000_000 }),
    (open) => open.close(),
  );
  const one = async (id: BatchId): Promise<BatchRecord> => {
    const record = await batches.one(id, TENANT);
    if (record === undefined) throw new Error(`${id} is gone`);
    return record;
  };
  const open = stack.move();
  return {
    store,
    batches,
    work,
    files,
    blobs,
    log,
    deps: {
      work,
      files,
      blobs,
      extractor,
      config: () => config,
      newJobId: () => idFromUuid('JobId', randomUUIDv7()),
      metrics: createBatchMetrics(createMetrics('batch-worker')),
      logger: createLogger('batch-worker', { level: 'info', write: (line) => void log.push(line) }),
    },
    createBatch: async (input, windowMs = 60_000) => {
      const fileId = idFromUuid('FileId', randomUUID());
      const path = filePath(fileId);
      const written = await blobs.write({ tenantId: TENANT, path }, [Buffer.from(input)], { signal: NEVER });
      if (written.kind !== 'written') throw new Error(written.kind);
      const { bytes, sha256 } = written.info;
      const file = { id: fileId, tenantId: TENANT, filename: 'in.jsonl', purpose: 'batch' as const, path };
      await files.create({ ...file, bytes, sha256, keepMs: 60_000 });
      const creation = await batches.create(
        {
          id: idFromUuid('BatchId', randomUUIDv7()),
          tenantId: TENANT,
          description: {
            face: 'openai',
            endpoint: '/v1/chat/completions',
            completionWindow: '24h',
            metadata: null,
            inputPath: path,
            inputFileId: fileId,
            outputExpiresAfterSeconds: undefined,
            retryOf: undefined,
            options: {},
          },
          webhook: { url: 'http://127.0.0.1:9/' },
          windowMs,
          retainMs: 60_000,
        },
        undefined,
      );
      if (creation.kind !== 'created') throw new Error(creation.kind);
      return creation.record;
    },
    one,
    resultLines: async (id) => {
      if (id === undefined) return [];
      const read = await blobs.read({ tenantId: TENANT, path: filePath(id) }, { signal: NEVER });
      if (read === undefined) throw new Error(`${id} has no blob`);
      const text = Buffer.concat(await Array.fromAsync(read.body)).toString();
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    },
    linesUnderWay: async () => Number((await redis.get(`${keys.prefix}batches:lines`)) ?? 0),
    makeDue: async (id) => {
      await redis.zrem(`${keys.prefix}batches:leased`, id);
      await redis.zadd(`${keys.prefix}batches:due`, 0, id);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
