import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SMALL_HEAP } from '@spillway/local-platform';
import { OpenAI } from 'openai';
import { writeBenchConfig } from '../common/bench-config.ts';
import { type BenchRedis, startBenchRedis } from '../common/bench-redis.ts';
import { type Child, startChild } from '../common/child.ts';
import { close } from '../common/close.ts';
import { type Service, startService } from '../common/service.ts';

/** Everything a batch passes through, each its own process, in front of an engine that takes no time of its own. */
export interface BatchPlatform {
  readonly redis: BenchRedis;
  readonly api: Service;
  readonly batchWorker: Service;
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Nothing runs before it is called. */
  startGpuWorker(): Promise<void>;
  /** The official SDK, with nothing changed but the address. */
  readonly client: OpenAI;
  /** The prefix of every key. */
  readonly prefix: string;
}

const SLOTS = 256;
const CELL = 'batch';

export async function openBatchPlatform(
  dataDir: string,
  env: Readonly<Record<string, string | undefined>>,
  stack: AsyncDisposableStack,
): Promise<BatchPlatform> {
  const redis = stack.adopt(await startBenchRedis(dataDir, env), close);
  const engine: Child<'url', string> = stack.adopt(
    await startChild(new URL('../common/engine-sim-main.ts', import.meta.url), [String(SLOTS)]),
    close,
  );
  const folder = join(dataDir, 'config');
  await mkdir(folder);
  const { configPath, apiKey } = await writeBenchConfig(folder, {
    url: await engine.ask('url'),
    slots: SLOTS,
  });
  const start = async (name: string, nodeOptions = ''): Promise<Service> =>
    stack.adopt(
      await startService({
        name,
        redisUrl: redis.url,
        configPath,
        env: {
          ...env,
          SPILLWAY_CELL: CELL,
          BACKEND: 'gpu-0',
          BLOB_FOLDER: join(dataDir, 'blobs'),
          NODE_OPTIONS: nodeOptions,
        },
      }),
      close,
    );
  await start('scheduler');
  const batchWorker = await start('batch-worker', SMALL_HEAP);
  const api = await start('ingest-api', SMALL_HEAP);
  const apiUrl = `http://127.0.0.1:${api.port}`;
  const client = new OpenAI({ baseURL: `${apiUrl}/v1`, apiKey });
  return {
    redis,
    api,
    batchWorker,
    apiUrl,
    apiKey,
    client,
    startGpuWorker: async () => {
      await start('gpu-worker');
    },
    prefix: `{sw:${CELL}}:`,
  };
}
