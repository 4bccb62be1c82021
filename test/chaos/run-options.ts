import type { FaultPlanOptions } from './faults/plan-faults.ts';
import type { BatchPlanOptions } from './load/plan-batches.ts';
import type { LoadPlanOptions } from './load/plan-load.ts';

/** How much happens in one run. */
export interface RunSize {
  readonly load: LoadPlanOptions;
  readonly batches: BatchPlanOptions;
  readonly faults: FaultPlanOptions;
  /** From the end of the load and the last fault until every job and batch has ended. */
  readonly settleMs: number;
}

const TENANTS = 3;

export const FULL_RUN: RunSize = {
  load: { jobs: 500, lengthMs: 45_000, tenants: TENANTS },
  batches: {
    courses: ['plain', 'expiring', 'paused', 'cancelled', 'invalid', 'plain', 'plain', 'plain'],
    leastLines: 80,
    mostLines: 1_000,
    lengthMs: 45_000,
    tenants: TENANTS,
  },
  faults: { faults: 12, loadMs: 45_000, shortestStopMs: 3_000, longestStopMs: 20_000 },
  settleMs: 100_000,
};

/** For CI: a few faults, none of them long. */
export const SHORT_RUN: RunSize = {
  load: { jobs: 120, lengthMs: 9_000, tenants: TENANTS },
  batches: {
    courses: ['plain', 'cancelled', 'invalid'],
    leastLines: 40,
    mostLines: 200,
    lengthMs: 9_000,
    tenants: TENANTS,
  },
  faults: { faults: 4, loadMs: 9_000, shortestStopMs: 2_000, longestStopMs: 4_000 },
  settleMs: 60_000,
};
