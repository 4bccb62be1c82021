import type { Deployment } from './deployment.ts';
import type { Outcomes } from './outcome/outcomes.ts';
import { policyReport } from './outcome/policy-report.ts';
import type { Policy } from './policies/policy.ts';
import type { PolicyReport } from './report/simulation-report.ts';
import { DEFAULT_OPTIONS, type SimulationOptions } from './simulation-options.ts';
import { Simulation } from './simulation.ts';
import type { TraceJob } from './trace-job.ts';

export interface SimulationRun {
  readonly report: PolicyReport;
  /** Job by job, in the order of the trace. */
  readonly outcomes: Outcomes;
}

/**
 * One policy over one trace, which is in the order of arrival. The same trace, deployment, policy and options come to
 * the same, but for the seconds it took. Throws the reason of its signal.
 */
export const runSimulation = (
  trace: Iterable<TraceJob>,
  deployment: Deployment,
  policy: Policy,
  options: SimulationOptions = {},
): PolicyReport => simulate(trace, deployment, policy, options).report;

/** The same, with what became of every job. */
export function simulate(
  trace: Iterable<TraceJob>,
  deployment: Deployment,
  policy: Policy,
  options: SimulationOptions = {},
): SimulationRun {
  const startedAtMs = performance.now();
  const full = { ...DEFAULT_OPTIONS, ...options };
  const simulation = new Simulation(deployment, policy, full);
  simulation.run(trace);
  const wallSeconds = (performance.now() - startedAtMs) / 1000;
  const report = policyReport(simulation, { policy: policy.name, seed: full.seed, wallSeconds });
  return { report, outcomes: simulation.cell.outcomes.all() };
}
