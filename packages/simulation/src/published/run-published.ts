import type { Policy } from '../policies/policy.ts';
import { simulate, type SimulationRun } from '../run-simulation.ts';
import type { SimulationOptions } from '../simulation-options.ts';
import type { Trace } from '../traces/read-trace.ts';
import { shapeTrace } from '../traces/shape-trace.ts';
import { affinityDeployment, fairnessDeployment, overflowDeployment } from './deployments.ts';

export interface OverflowRun {
  readonly load: number;
  readonly seed: number;
  readonly gpus?: number;
  readonly powerLimitPercent?: number;
  readonly options?: SimulationOptions;
}

/**
 * A conversation trace on RTX 4090 and a cloud: half of it interactive, three tenths standard, the rest batch, and 15 %
 * of all pinned. Jobs may end after their deadlines, as in the earlier simulation it is held against.
 */
export const runOverflow = (trace: Trace, policy: Policy, run: OverflowRun): SimulationRun =>
  simulate(
    shapeTrace(trace.records, {
      seed: run.seed,
      load: run.load,
      pinned: 0.15,
      mix: { interactive: 0.5, standard: 0.3, batch: 0.2 },
    }),
    overflowDeployment(run.gpus, run.powerLimitPercent),
    policy,
    { late: 'run', ...run.options, seed: run.seed },
  );

/** The trace of the VTC paper on the engine of its artifact: 27 clients, all of one class, nobody gives up. */
export const runFairness = (trace: Trace, policy: Policy, options: SimulationOptions = {}): SimulationRun =>
  simulate(
    shapeTrace(trace.records, { seed: 1, load: 1, mix: { interactive: 0, standard: 1, batch: 0 } }),
    fairnessDeployment,
    policy,
    { late: 'run', dispatchMs: 0, tickMs: 0, profiles: 'known', ...options },
  );

/** A trace with prefixes on replicas that only compute prompts: which router finds them cached. */
export const runAffinity = (
  trace: Trace,
  policy: Policy,
  replicas: number,
  options: SimulationOptions = {},
): SimulationRun =>
  simulate(shapeTrace(trace.records, { seed: 1, load: 1 }), affinityDeployment(replicas), policy, {
    late: 'run',
    dispatchMs: 0,
    tickMs: 0,
    profiles: 'known',
    ...options,
  });
