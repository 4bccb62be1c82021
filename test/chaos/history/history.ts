import type { BatchObject, DecisionBody, JobBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import type { FaultRecord } from '../faults/fault.ts';
import type { BatchChange } from '../load/batch-client.ts';
import type { BatchResults } from './batch-results.ts';

/** Something the suite did or saw about one job, known by its idempotency key. */
export type JobEntry = { readonly key: string } & (
  | { readonly what: 'submitting' }
  | { readonly what: 'accepted'; readonly record: JobBody }
  | { readonly what: 'refused'; readonly of: 'submit' | 'cancel' | 'read'; readonly refusal: Refusal }
  | { readonly what: 'seen'; readonly record: JobBody }
  | { readonly what: 'cancelling'; readonly id: JobId }
  | { readonly what: 'cancel-answered'; readonly record: JobBody }
  | { readonly what: 'webhook'; readonly receipt: Receipt }
  /** From the list of all jobs and from reading each, after everything had ended. */
  | { readonly what: 'final'; readonly record: JobBody }
  | { readonly what: 'decisions'; readonly decisions: readonly DecisionBody[] }
  | { readonly what: 'gone'; readonly id: JobId }
);

/** Something the suite did or saw about one batch, known by its idempotency key. */
export type BatchEntry = { readonly key: string } & (
  | { readonly what: 'batch-submitting' }
  | { readonly what: 'batch-accepted' | 'batch-seen'; readonly batch: BatchObject }
  | { readonly what: 'batch-changing'; readonly change: BatchChange }
  | { readonly what: 'batch-changed'; readonly change: BatchChange; readonly batch: BatchObject }
  | {
      readonly what: 'batch-refused';
      readonly of: 'upload' | 'create' | 'read' | BatchChange;
      readonly refusal: Refusal;
    }
  /** From the list of all batches and their result files, after everything had ended. */
  | { readonly what: 'batch-final'; readonly batch: BatchObject; readonly results: BatchResults }
  | { readonly what: 'batch-gone'; readonly id: string }
);

export type Entry = { readonly atMs: number } & (
  | JobEntry
  | BatchEntry
  | { readonly what: 'fault'; readonly fault: FaultRecord; readonly phase: 'began' | 'ended' }
);

/** An answer that is not 2xx, or none. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/** One delivery as it reached the receiver, and what the receiver answered. */
export interface Receipt {
  readonly eventId: string;
  /** The job or batch it tells of. */
  readonly subjectId: string;
  readonly type: string;
  readonly status: string;
  readonly signature: 'good' | 'bad';
  /** The signature's clock minus the receiver's. */
  readonly skewSeconds: number;
  /** 0: the connection was dropped. */
  readonly answered: number;
}

/** An append-only list of what happened in one run, on the clock of the suite. */
export interface History {
  readonly entries: readonly Entry[];
  note(entry: JobEntry | BatchEntry | Omit<Extract<Entry, { what: 'fault' }>, 'atMs'>): void;
}

export function createHistory(nowMs: () => number): History {
  const entries: Entry[] = [];
  return {
    entries,
    note: (entry) => {
      entries.push({ atMs: nowMs(), ...entry });
    },
  };
}
