import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wait } from '@spillway/service-kit';
import { type Child, startChild } from '../common/child.ts';
import { close } from '../common/close.ts';
import { writeBenchConfig } from '../common/bench-config.ts';
import { startLoadGenerator } from '../common/http-load.ts';
import { SAMPLE_JOB } from '../common/sample-job.ts';
import { type Service, startService } from '../common/service.ts';
import { type SideContext, type ThroughputSide, timeTurn } from './throughput-side.ts';

/** The platform from HTTP to HTTP: API, scheduler and GPU worker in front of a simulated engine; in a cell of its own. */
export async function openHttpSide(
  { redis, dataDir, env, slots, submitters }: SideContext,
  stack: AsyncDisposableStack,
): Promise<ThroughputSide> {
  const engine: Child<'url', string> = stack.adopt(
    await startChild(new URL('../common/engine-sim-main.ts', import.meta.url), [String(slots)]),
    close,
  );
  const folder = join(dataDir, 'http');
  await mkdir(folder);
  const { configPath, apiKey } = await writeBenchConfig(folder, { url: await engine.ask('url'), slots });
  const start = async (name: string): Promise<Service> =>
    stack.adopt(
      await startService({
        name,
        redisUrl: redis.url,
        configPath,
        env: { ...env, SPILLWAY_CELL: 'http', BACKEND: 'gpu-0' },
      }),
      close,
    );
  const scheduler = await start('scheduler');
  const worker = await start('gpu-worker');
  const api = await start('ingest-api');
  const generator = stack.adopt(await startLoadGenerator(), close);
  const body = JSON.stringify(SAMPLE_JOB);
  return async (jobs) => {
    const completed = (await countCompleted(worker)) + jobs;
    return timeTurn(jobs, redis, { API: api, scheduler, worker, engine }, () =>
      Promise.all([
        generator.ask({
          port: api.port,
          path: '/v1/jobs',
          apiKey,
          body,
          requests: jobs,
          connections: submitters,
        }),
        untilCompleted(worker, completed),
      ]),
    );
  };
}

const LOOK_EVERY_MS = 100;
const LONGEST_MS = 120_000;

async function untilCompleted(worker: Service, count: number): Promise<void> {
  const limit = AbortSignal.timeout(LONGEST_MS);
  while ((await countCompleted(worker)) < count) {
    limit.throwIfAborted();
    await wait(LOOK_EVERY_MS, limit);
  }
}

/** Settled attempts that completed their job, by the worker's own count. */
async function countCompleted(worker: Service): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${worker.port}/metrics`)).text();
  return Number(/^attempts_total\{[^}]*outcome="completed"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
