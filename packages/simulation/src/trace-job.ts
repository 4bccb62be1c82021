import type { JobClass } from '@spillway/core';
import type { TraceRecord } from './traces/trace-record.ts';

/**
 * One request of a trace as it arrives: what the record left out is filled in. How long its answer was, the engine
 * knows and the scheduler does not. Where it names no key, the tenant has one; no model, it is the deployment's first;
 * no deadline, it has that of its class.
 */
export interface TraceJob extends TraceRecord {
  readonly tenant: string;
  readonly jobClass: JobClass;
  /** May only run on local backends. */
  readonly pinned: boolean;
}
