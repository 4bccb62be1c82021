import type { FaultPlanOptions } from './faults/plan-faults.ts';
import type { LoadPlanOptions } from './load/plan-load.ts';

/** How much happens in one run. */
export interface RunSize {
  readonly load: LoadPlanOptions;
  readonly faults: FaultPlanOptions;
  /** From the end of the load and the last fault until every job has ended. */
  readonly settleMs: number;
}

const TENANTS = 3;

export const FULL_RUN: RunSize = {
  load: { jobs: 500, lengthMs: 45_000, tenants: TENANTS },
  faults: { faults: 10, loadMs: 45_000, shortestStopMs: 3_000, longestStopMs: 20_000 },
  settleMs: 75_000,
};

/** For CI: a few faults, none of them long. */
export const SHORT_RUN: RunSize = {
  load: { jobs: 120, lengthMs: 9_000, tenants: TENANTS },
  faults: { faults: 4, loadMs: 9_000, shortestStopMs: 2_000, longestStopMs: 4_000 },
  settleMs: 60_000,
};
