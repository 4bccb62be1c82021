import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bundledTrace,
  readTrace,
  shapeTrace,
  simulate,
  type SimulationRun,
  spillway,
  type TraceJob,
} from '@spillway/simulation';
import type { Bench } from '../bench.ts';
import { compareRuns } from './compare-runs.ts';
import { POLICY, simulatedDeployment } from './deployment.ts';
import { MOST_OUTPUT, playTrace, type RealJob } from './play-trace.ts';
import { startReal } from './start-real.ts';

const SECONDS = 90;
/** Where in the trace it begins. */
const FROM_SECONDS = 600;
/** Times as many requests a second as were recorded: about twice what the engine can do. */
const LOAD = 1.8;
/** Prompts much longer than the others would make a short trace hang on a few of them. */
const LONGEST_PROMPT = 4000;

/**
 * The simulator against reality: a minute and a half of the Azure conversation trace, half interactive and half
 * standard, through the real processes in front of a simulated engine at its true speed, and the same jobs with the
 * answers they got through the simulator.
 */
export const reality: Bench = {
  name: 'reality',
  about: 'the simulator against the real processes: the same trace through both, job by job',
  runs: 1,
  run: async ({ say, signal, env }) => {
    await using stack = new AsyncDisposableStack();
    const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-bench-')), (dir) =>
      rm(dir, { recursive: true, force: true }),
    );
    const trace = await shortTrace();
    const client = await startReal({ dataDir, env, signal }, stack);
    say(`${trace.length} jobs in ${SECONDS} s`);
    const real = await playTrace(client, trace, signal);
    say('the real ones have ended');
    return compareRuns(real, trace, simulateSame(trace, real));
  },
};

async function shortTrace(): Promise<readonly TraceJob[]> {
  const read = await readTrace(bundledTrace('azure-2023-conversation'));
  if (!read.ok) throw new Error(read.error);
  const [fromMs, toMs] = [FROM_SECONDS * 1000, (FROM_SECONDS + SECONDS * LOAD) * 1000];
  const records = read.value.records
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .map((record) => ({
      ...record,
      atMs: record.atMs - fromMs,
      inputTokens: Math.min(record.inputTokens, LONGEST_PROMPT),
    }));
  return [
    ...shapeTrace(records, { seed: 1, load: LOAD, mix: { interactive: 0.5, standard: 0.5, batch: 0 } }),
  ];
}

/** The jobs as they were accepted, with prompts and answers as long as they were. */
function simulateSame(trace: readonly TraceJob[], real: readonly RealJob[]): SimulationRun {
  const startMs = Math.min(...real.map(({ acceptedAtMs }) => acceptedAtMs));
  const jobs = trace
    .flatMap((job, index): readonly TraceJob[] => {
      const played = real[index];
      if (played === undefined) return [];
      const { acceptedAtMs, inputTokens, outputTokens } = played;
      return [
        { ...job, atMs: acceptedAtMs - startMs, inputTokens, outputTokens, maxOutputTokens: MOST_OUTPUT },
      ];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
  return simulate(jobs, simulatedDeployment, spillway({ scheduling: POLICY }), { seed: 1 });
}
