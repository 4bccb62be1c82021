import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type SpillwayClient } from '@spillway/client';
import type { JobId } from '@spillway/core';
import { findPort, startPlatform } from '@spillway/local-platform';
import type { Bench } from '../bench.ts';
import { figure, quantile } from '../report.ts';
import { ARRIVAL_MODEL, type ArrivalEngine, startArrivalEngine } from './arrival-engine.ts';
import { type JobPoster, openJobPoster } from './post-job.ts';
import { openRawBullmq } from './raw-bullmq.ts';

const RUNS = 5;
const SAMPLES = 150;
const WARM_UP = 500;
/** Between two submissions, so that the system is idle when the next one comes. */
const PAUSE_MS = 10;

/**
 * What the platform adds before the engine sees a request: from the first byte of the submission to the arrival at
 * the engine, through HTTP, fsync, plan, commit, dispatch and claim, on an idle system. Beside it raw BullMQ from
 * `add` to processor on the same Redis with the same durability, measured in turns with ours.
 */
export const latency: Bench = {
  name: 'latency',
  about: 'added latency from submit to engine on an idle system, beside raw BullMQ add to process',
  runs: RUNS,
  run: async ({ say, signal, env }) => {
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    const engine = stack.adopt(await startArrivalEngine(), (open) => open.close());
    const apiKey = `sk-bench-${randomBytes(16).toString('hex')}`;
    const configPath = join(dataDir, 'spillway.yaml');
    await writeFile(configPath, config(engine.url, apiKey));
    const platform = stack.adopt(
      await startPlatform({
        dataDir,
        configPath,
        env: { ...env, LOG_LEVEL: 'warn' },
        apiPort: await findPort(),
        engineSim: 'never',
        signal,
      }),
      (running) => running.stop(),
    );
    const raw = stack.adopt(await openRawBullmq(platform.redisUrl), (open) => open.close());
    const client = createClient({ url: platform.apiUrl, apiKey });
    const poster = stack.adopt(openJobPoster(platform.apiUrl, apiKey), (open) => open.close());
    const ours = (): Promise<number> => submitToEngine(poster, client, engine);

    await measure(WARM_UP, ours, signal);
    await measure(WARM_UP, () => raw.addToProcess(), signal);
    const samples: { readonly ours: readonly number[]; readonly raw: readonly number[] }[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      samples.push({
        ours: await measure(SAMPLES, ours, signal),
        raw: await measure(SAMPLES, () => raw.addToProcess(), signal),
      });
      say(`run ${run} of ${RUNS}`);
    }
    const at = (share: number, side: 'ours' | 'raw'): readonly number[] =>
      samples.map((run) => quantile(run[side], share));
    const baseline = (share: number) => ({ name: 'raw BullMQ add to process', values: at(share, 'raw') });
    return [
      figure({
        name: 'submit to engine p50',
        values: at(0.5, 'ours'),
        unit: 'ms',
        baseline: baseline(0.5),
        aim: { atMost: 5 },
      }),
      figure({
        name: 'submit to engine p99',
        values: at(0.99, 'ours'),
        unit: 'ms',
        baseline: baseline(0.99),
        aim: { atMost: 20 },
      }),
    ];
  },
};

async function submitToEngine(
  poster: JobPoster,
  client: SpillwayClient,
  engine: ArrivalEngine,
): Promise<number> {
  const mark = randomUUID();
  const body = JSON.stringify({
    class: 'interactive',
    privacy: 'public',
    request: { model: ARRIVAL_MODEL, max_tokens: 8, messages: [{ role: 'user', content: mark }] },
  });
  const arrival = engine.arrival(mark, 10_000);
  const startedAtMs = performance.now();
  const [id, arrivedAtMs] = await Promise.all([poster.post(body), arrival]);
  await client.waitUntilFinished(id as JobId, { timeoutMs: 10_000 });
  return arrivedAtMs - startedAtMs;
}

async function measure(
  count: number,
  sample: () => Promise<number>,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const values: number[] = [];
  while (values.length < count) {
    signal.throwIfAborted();
    values.push(await sample());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return values;
}

const config = (url: string, apiKey: string): string =>
  JSON.stringify({
    backends: {
      'gpu-0': {
        kind: 'local-compatible',
        url,
        models: { [ARRIVAL_MODEL]: ARRIVAL_MODEL },
        max_concurrency: 16,
      },
    },
    tenants: { bench: { api_key_sha256: [createHash('sha256').update(apiKey).digest('hex')] } },
  });
