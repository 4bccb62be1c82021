import type { CreateJobInput, EventType } from '@spillway/contracts';
import type { JobClass } from '@spillway/core';

/** What the receiver does with the first delivery of an event; every later one it takes. */
export type Reception = 'good' | 'fails-first' | 'slow-first' | 'drops-first';

export interface PlannedHook {
  readonly reception: Reception;
  readonly ownSecret: boolean;
  /** Without it all. */
  readonly events?: readonly EventType[];
}

/** One job as it will be submitted and what its client will do to it. */
export interface PlannedJob {
  /** Its idempotency key, which also stands in its metadata. */
  readonly key: string;
  readonly tenant: number;
  /** After the load began. */
  readonly atMs: number;
  readonly jobClass: JobClass;
  readonly localOnly: boolean;
  readonly content: string;
  /** What the answer to this job, and to no other, contains. */
  readonly digest: string;
  readonly input: CreateJobInput;
  /** The simulators answer 500 to its first attempt, or to all. */
  readonly fails?: 'once' | 'always';
  readonly twice: boolean;
  /** After it was accepted; submitted once more under the same key. */
  readonly againAfterMs?: number;
  readonly cancelAfterMs?: number;
  readonly watch: 'long-poll' | 'poll' | 'not-at-all';
  readonly hook?: PlannedHook;
}
