import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { startBenchRedis } from '../common/bench-redis.ts';
import { writeBenchConfig } from '../common/bench-config.ts';
import { type Child, startChild } from '../common/child.ts';
import { close } from '../common/close.ts';
import { startLoadGenerator } from '../common/http-load.ts';
import { startRawProducer } from '../common/producer.ts';
import { startService } from '../common/service.ts';
import { intakeFigures, type IntakeRun } from './intake-figures.ts';
import { type Meter, overHttp, rawAdd } from './intake-sides.ts';

const RUNS = 5;
const REQUESTS = 20_000;
const WARM_UP = 20_000;
/** Submitters at once: as many as the raw baseline was measured with before, and as many as share one sync. */
const FEW = 64;
const MANY = 1000;

/**
 * Durable accepts a second over HTTP by the real ingest-api, each answered after its job is on disk. Beside it, in
 * turns: HTTP and validation alone, raw BullMQ `add` from its own process, and the two together.
 */
export const intake: Bench = {
  name: 'intake',
  about: 'durable accepts a second over HTTP, beside bare hono + zod and raw BullMQ add',
  runs: RUNS,
  run: async ({ say, signal, env }) => {
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    const redis = stack.adopt(await startBenchRedis(dataDir, env), close);
    const { configPath, apiKey } = await writeBenchConfig(dataDir, { url: 'http://127.0.0.1:9', slots: 16 });
    const api = stack.adopt(
      await startService({ name: 'ingest-api', redisUrl: redis.url, configPath, env }),
      close,
    );
    const bare = stack.adopt(
      await startServer(new URL('./bare-hono-main.ts', import.meta.url), redis.url),
      close,
    );
    const both = stack.adopt(
      await startServer(new URL('./hono-bullmq-main.ts', import.meta.url), redis.url),
      close,
    );
    const producer = stack.adopt(await startRawProducer(redis.url, 'intake-raw'), close);
    const generator = stack.adopt(await startLoadGenerator(), close);

    const http = async (port: number, meter: Meter) => overHttp({ generator, redis, apiKey, port, meter });
    const sides = {
      ours: await http(api.port, api),
      bare: await http(await bare.ask('port'), bare),
      both: await http(await both.ask('port'), both),
      raw: rawAdd({ producer, redis }),
    };
    const turnAll = async (jobs: number, few: number, many: number): Promise<IntakeRun> => {
      signal.throwIfAborted();
      return {
        ours: await sides.ours(jobs, few),
        bare: await sides.bare(jobs, few),
        raw: await sides.raw(jobs, few),
        both: await sides.both(jobs, few),
        oursMany: await sides.ours(jobs, many),
        bareMany: await sides.bare(jobs, many),
      };
    };
    await turnAll(WARM_UP, FEW, MANY);
    const runs: IntakeRun[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      runs.push(await turnAll(REQUESTS, FEW, MANY));
      say(`run ${run} of ${RUNS}`);
    }
    return intakeFigures(runs, { few: FEW, many: MANY });
  },
};

const startServer = (file: URL, redisUrl: string): Promise<Child<'port', number>> =>
  startChild(file, [redisUrl]);
