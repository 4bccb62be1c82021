import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { figure } from '../report.ts';
import { openBatchPlatform } from './batch-platform.ts';
import { peakMegabytes, watchRedisMemory } from './peaks.ts';
import { beginBatch, type BatchRun, runBatch } from './run-batch.ts';
import { parseRate, validationRate } from './validation.ts';
import { writeInput } from './write-input.ts';

const RUNS = 3;
const LINES = 50_000;
const LINE_BYTES = 1000;
/** 50,000 lines of the largest file the API takes unless it is told otherwise: 200 MB. */
const LARGE_LINE_BYTES = 4150;

/**
 * A batch as the official SDK sends it, through all processes and an engine that takes no time of its own; and a file of
 * 200 MB. Validation alone stands beside what parsing the lines costs anybody.
 */
export const batch: Bench = {
  name: 'batch',
  about: '50,000 lines and a 200 MB file through files and batches, by the official SDK',
  runs: RUNS,
  run: async ({ say, signal, env }) => {
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    const small = join(dataDir, 'input.jsonl');
    const large = join(dataDir, 'large.jsonl');
    await writeInput(small, LINES, LINE_BYTES);
    await writeInput(large, LINES, LARGE_LINE_BYTES);

    const validated: number[] = [];
    const parsed: number[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      parsed.push(await parseRate(large));
      validated.push(await validationRate(large));
    }
    say('validation measured');

    const platform = await openBatchPlatform(dataDir, env, stack);
    await platform.startGpuWorker();
    const memory = watchRedisMemory(platform.redis);
    const runs: BatchRun[] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      signal.throwIfAborted();
      runs.push(await runBatch(platform, small, LINES, signal));
      say(`run ${run} of ${RUNS}`);
    }
    const begun = await beginBatch(platform, large, signal);
    const redisMegabytes = await memory.stop();
    const [apiPeak, workerPeak] = await Promise.all([
      peakMegabytes(platform.api),
      peakMegabytes(platform.batchWorker),
    ]);
    return [
      figure({
        name: 'validated, 200 MB file',
        values: validated,
        unit: 'MB/s',
        baseline: { name: 'split and parse alone', values: parsed },
        aim: { atLeast: 100 },
      }),
      figure({
        name: 'uploaded, 50 MB file',
        values: runs.map(({ uploadMegabytesPerSecond }) => uploadMegabytesPerSecond),
        unit: 'MB/s',
      }),
      figure({
        name: 'first line dispatched after create, 50,000 lines',
        values: runs.map(({ firstDispatchMs }) => firstDispatchMs),
        unit: 'ms',
        aim: { atMost: 1000 },
      }),
      figure({
        name: 'first line dispatched after create, 200 MB file',
        values: [begun.firstDispatchMs],
        unit: 'ms',
      }),
      figure({ name: 'cancelled after being asked, 200 MB file', values: [begun.cancelMs], unit: 'ms' }),
      figure({
        name: 'create to completed, 50,000 lines',
        values: runs.map(({ linesPerSecond }) => linesPerSecond),
        unit: 'lines/s',
      }),
      figure({ name: 'highest RSS of ingest-api', values: [apiPeak], unit: 'MB', aim: { atMost: 250 } }),
      figure({ name: 'highest RSS of batch-worker', values: [workerPeak], unit: 'MB', aim: { atMost: 250 } }),
      figure({ name: 'Redis memory at its highest, above idle', values: [redisMegabytes], unit: 'MB' }),
    ];
  },
};
