import {
  fairnessDeployment,
  serviceDifference,
  shapeTrace,
  simulate,
  spillway,
  type Trace,
  type TraceJob,
} from '@spillway/simulation';
import { createRandom } from '../../src/random.ts';
import type { TraceAnswer, TraceAsk } from './fairness-ask.ts';
import { withEngineAdmission } from './engine-admission.ts';
import { policyNamed } from './policy-named.ts';

/** How long the published trace is, and is judged. */
const LENGTH_MS = 600_000;
const JITTER_MS = 1000;

/** One policy over the trace of the VTC paper, on the engine of its artifact. */
export function simulateTrace(trace: Trace, ask: TraceAsk): TraceAnswer {
  const { policy: name, admission, jobClass, jitterSeed } = ask;
  const only = { interactive: 0, standard: 0, batch: 0, [jobClass]: 1 };
  const jobs = shapeTrace(trace.records, { seed: 1, load: 1, mix: only });
  const policy =
    name === 'spillway' && admission === 'engine' ? withEngineAdmission(spillway()) : policyNamed(name);
  const { report, outcomes } = simulate(
    jitterSeed === undefined ? jobs : jitter(jobs, jitterSeed),
    fairnessDeployment,
    policy,
    { late: 'run', dispatchMs: 0, tickMs: 0, profiles: 'known' },
  );
  const { max, average } = serviceDifference(outcomes, LENGTH_MS);
  return {
    kind: 'trace',
    max,
    average,
    tokensPerSecond: report.engine.tokensPerSecond,
    refused: report.rejected,
  };
}

function jitter(jobs: Iterable<TraceJob>, seed: number): readonly TraceJob[] {
  const random = createRandom(seed);
  return Array.from(jobs, (job) => ({
    ...job,
    atMs: Math.max(0, job.atMs + (2 * random.next() - 1) * JITTER_MS),
  })).toSorted((a, b) => a.atMs - b.atMs);
}
