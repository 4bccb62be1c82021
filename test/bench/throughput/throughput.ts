import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { startBenchRedis } from '../common/bench-redis.ts';
import { close } from '../common/close.ts';
import { openHttpSide } from './http-side.ts';
import { openRawSide } from './raw-side.ts';
import { openStoreSide } from './store-side.ts';
import { throughputFigures, type ThroughputRun } from './throughput-figures.ts';

const RUNS = 5;
const JOBS = 20_000;
const WARM_UP = 10_000;
const SLOTS = 256;
const SUBMITTERS = 64;

/**
 * Jobs a second from the first submission to the last settled job, on a Redis that syncs every write. Ours: a process
 * that submits through the store, the scheduler, and a worker whose backend answers at once. Beside it, in turns, raw
 * BullMQ: a process that adds the same payload and a worker that does nothing with it. And the platform over HTTP in
 * front of a simulated engine that takes no time of its own.
 */
export const throughput: Bench = {
  name: 'throughput',
  about: 'jobs a second from submit to settled with a backend that answers at once, beside raw BullMQ',
  runs: RUNS,
  run: async ({ say, signal, env }) => {
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    const redis = stack.adopt(await startBenchRedis(dataDir, env), close);
    const context = { redis, dataDir, env, slots: SLOTS, submitters: SUBMITTERS };
    const store = await openStoreSide(context, stack);
    const raw = await openRawSide(context, stack);
    const http = await openHttpSide(context, stack);

    const turnAll = async (jobs: number): Promise<ThroughputRun> => {
      signal.throwIfAborted();
      return { store: await store(jobs), raw: await raw(jobs), http: await http(jobs) };
    };
    await turnAll(WARM_UP);
    const runs: ThroughputRun[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      runs.push(await turnAll(JOBS));
      say(`run ${run} of ${RUNS}`);
    }
    return throughputFigures(runs);
  },
};
