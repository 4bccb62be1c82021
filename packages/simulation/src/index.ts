export {
  DEFAULT_MODEL,
  knownProfile,
  replicas,
  type BackendSpec,
  type BudgetSpec,
  type CloudSpec,
  type Deployment,
  type EngineSpec,
  type LocalSpec,
} from './deployment.ts';
export type { Outcomes } from './outcome/outcomes.ts';
export { serviceDifference, type ServiceDifference } from './outcome/service-difference.ts';
export { peakTokens, shareOfHeld, shareOfNext } from './policies/peak-tokens.ts';
export { parsePolicy, POLICY_HELP } from './policies/parse-policy.ts';
export type { Decider, Decision, Policy, World } from './policies/policy.ts';
export { spillway, type SpillwayOptions } from './policies/spillway.ts';
export type {
  ClassReport,
  Distribution,
  PolicyReport,
  SeriesPoint,
  SimulationReport,
  TenantReport,
} from './report/simulation-report.ts';
export { affinityDeployment, fairnessDeployment, overflowDeployment } from './published/deployments.ts';
export { runAffinity, runFairness, runOverflow, type OverflowRun } from './published/run-published.ts';
export { runSimulation, simulate, type SimulationRun } from './run-simulation.ts';
export type { SimulationOptions } from './simulation-options.ts';
export type { TraceJob } from './trace-job.ts';
export { bundledTrace, type BundledTrace } from './traces/bundled-trace.ts';
export { readTrace, type ReadTraceOptions, type Trace } from './traces/read-trace.ts';
export { DEFAULT_MIX, shapeTrace, type ClassMix, type TraceShape } from './traces/shape-trace.ts';
export type { TraceLine } from './traces/formats/spillway.ts';
export { TRACE_FORMATS, type TraceFormat, type TraceRecord } from './traces/trace-record.ts';
export { comparisonColumns, type ComparisonColumn } from './report/comparison-rows.ts';
export { requestsTaken } from './report/headline.ts';
export { htmlReport } from './report/html-report.ts';
export { summarisePolicies, type PolicySummary } from './report/summarise-policies.ts';
