import { DEFAULT_POLICY, plan, type SchedulingPolicy } from '@spillway/core';
import type { Policy } from './policy.ts';

export interface SpillwayOptions {
  readonly name?: string;
  readonly scheduling?: SchedulingPolicy;
  readonly binding?: Policy['binding'];
  readonly tenancy?: Policy['tenancy'];
}

/** The scheduler of this platform: `plan()`, as it runs live. */
export const spillway = (options: SpillwayOptions = {}): Policy => ({
  name: options.name ?? 'spillway',
  binding: options.binding ?? 'late',
  laneOrder: 'effective-deadline',
  tenancy: options.tenancy ?? 'tenant',
  sees: 'live',
  scheduling: options.scheduling ?? DEFAULT_POLICY,
  open: () => ({ decide: plan }),
});
