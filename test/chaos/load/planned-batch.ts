import type { PlannedHook } from './planned-job.ts';

/** One line of an input as it will be sent, and what it has to come to. */
export interface PlannedLine {
  readonly customId: string;
  /** The line itself, without its end. */
  readonly text: string;
  /** What the answer to this line, and to no other, contains. */
  readonly digest: string;
  readonly localOnly: boolean;
  /** The simulators answer 400 to it. */
  readonly refused: boolean;
}

/** What happens to a batch on its way. Lengths of time in ms. */
export type BatchCourse =
  /** It runs to its end. */
  | { readonly kind: 'plain' }
  | { readonly kind: 'cancelled'; readonly afterMs: number }
  | { readonly kind: 'paused'; readonly afterMs: number; readonly forMs: number }
  /** Its lines take longer than its window. */
  | { readonly kind: 'expiring' }
  /** Its input cannot be used: the mistakes in the order of their lines, which count from 1. */
  | {
      readonly kind: 'invalid';
      readonly mistakes: readonly { readonly line: number; readonly code: string }[];
    };

/** One batch as it will be submitted and what its client will do to it. */
export interface PlannedBatch {
  /** Its idempotency key, which also stands in its metadata. */
  readonly key: string;
  readonly tenant: number;
  /** After the load began. */
  readonly atMs: number;
  readonly course: BatchCourse;
  readonly completionWindow: '1m' | '24h';
  readonly privacy: 'auto' | 'local_only';
  readonly lines: readonly PlannedLine[];
  readonly hook?: PlannedHook;
}
