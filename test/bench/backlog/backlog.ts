import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wait } from '@spillway/service-kit';
import type { Bench } from '../bench.ts';
import { type BatchPlatform, openBatchPlatform } from '../batch/batch-platform.ts';
import { usedMegabytes } from '../batch/peaks.ts';
import { writeInput } from '../batch/write-input.ts';
import { SAMPLE_JOB } from '../common/sample-job.ts';
import { figure, quantile } from '../report.ts';

/** As many batches for each size, so that they differ in their lines alone. */
const BATCHES = 20;
const SIZES = [10_000, 100_000, 1_000_000] as const;
const LINE_BYTES = 1000;
/** Interactive jobs sent through the platform while the backlog is there. */
const PROBES = 50;
const PROBE_EVERY_MS = 40;
const FED_WITHIN_MS = 180_000;
const STILL_MS = 3000;

interface Reading {
  readonly megabytes: number;
  readonly probeMs: readonly number[];
}

/**
 * Redis' memory with more and more lines waiting in batches, when every window is full and nothing runs; and how long an
 * interactive job takes from its submission to its answer beside that backlog, while the batches run, too.
 */
export const backlog: Bench = {
  name: 'backlog',
  about: 'memory and latency with 10 thousand, 100 thousand and a million lines waiting in batches',
  runs: 1,
  run: async ({ say, signal, env }) => {
    const readings: Reading[] = [];
    for (const lines of SIZES) {
      signal.throwIfAborted();
      readings.push(await readBacklog(lines, env, signal));
      say(`${lines} lines: ${readings.at(-1)?.megabytes.toFixed(1)} MB`);
    }
    const [few, many, most] = readings;
    if (few === undefined || many === undefined || most === undefined) throw new Error('a size is missing');
    const memory = (name: string, { megabytes }: Reading) => ({
      name: `Redis memory, ${name} lines waiting`,
      values: [megabytes],
      unit: 'MB',
      baseline: { name: '10 thousand', values: [few.megabytes] },
    });
    const latency = (name: string, { probeMs }: Reading, share: number) =>
      figure({
        name: `interactive job, ${name} lines waiting, p${100 * share}`,
        values: [quantile(probeMs, share)],
        unit: 'ms',
        baseline: { name: '10 thousand', values: [quantile(few.probeMs, share)] },
      });
    return [
      figure(memory('100 thousand', many)),
      figure({ ...memory('1 million', most), aim: { atMostOfBaseline: 1.2 } }),
      ...[0.5, 0.95].flatMap((share) => [
        latency('100 thousand', many, share),
        latency('1 million', most, share),
      ]),
    ];
  },
};

async function readBacklog(
  lines: number,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Reading> {
  await using stack = new AsyncDisposableStack();
  const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const platform = await openBatchPlatform(dataDir, env, stack);
  const path = join(dataDir, 'input.jsonl');
  await writeInput(path, lines / BATCHES, LINE_BYTES);
  const ids: string[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const file = await platform.client.files.create({ file: createReadStream(path), purpose: 'batch' });
    const { id } = await platform.client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    ids.push(id);
  }
  await untilFed(platform, ids, signal);
  const megabytes = await usedMegabytes(platform.redis);
  await platform.startGpuWorker();
  const probeMs: number[] = [];
  for (let index = 0; index < PROBES; index += 1) {
    await wait(PROBE_EVERY_MS, signal);
    probeMs.push(await probe(platform));
  }
  return { megabytes, probeMs };
}

/**
 * Until every window is full: nothing has been fed for a while, each batch has begun, and each job that waits has been
 * told why, which is stored with it.
 */
async function untilFed(
  { redis, prefix }: BatchPlatform,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(FED_WITHIN_MS)]);
  const cursors = (): Promise<readonly number[]> =>
    Promise.all(ids.map(async (id) => Number(await redis.client.hget(`${prefix}batch:${id}`, 'cursor'))));
  for (let before: readonly number[] = []; ;) {
    const now = await cursors();
    const untold = await redis.client.zcard(`${prefix}unseen`);
    if (untold === 0 && now.every((cursor) => cursor > 0) && now.join() === before.join()) return;
    before = now;
    await wait(STILL_MS, limit);
    limit.throwIfAborted();
  }
}

/** How long one interactive job takes until its answer is there, in ms. */
async function probe({ apiUrl, apiKey }: BatchPlatform): Promise<number> {
  const startedAtMs = performance.now();
  const answer = await fetch(`${apiUrl}/v1/jobs`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      prefer: 'wait=30',
    },
    body: JSON.stringify({ ...SAMPLE_JOB, class: 'interactive' }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text.slice(0, 200)}`);
  return performance.now() - startedAtMs;
}
