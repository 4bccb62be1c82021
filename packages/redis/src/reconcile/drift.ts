import { z } from 'zod';

/**
 * Every way a cell's indices and counters can disagree with its records, and be put right. `…-missing`: the record says it stands there,
 * and it does not; `…-misplaced`: it stands there with another score; `…-stray`: something stands where no record says
 * so.
 */
export const DRIFT_KINDS = [
  'lane-missing',
  'lane-misplaced',
  'lane-stray',
  'retry-missing',
  'retry-misplaced',
  'retry-stray',
  'dispatched-missing',
  'dispatched-misplaced',
  'dispatched-stray',
  'running-missing',
  'running-misplaced',
  'running-stray',
  'suspects-missing',
  'suspects-stray',
  'pinned-missing',
  'pinned-misplaced',
  'pinned-stray',
  'held-missing',
  'held-stray',
  'deadline-missing',
  'deadline-misplaced',
  'deadline-stray',
  'start-missing',
  'start-misplaced',
  'start-stray',
  'live-missing',
  'live-stray',
  /** A tenant with jobs in lanes that counts for nothing where others begin, or with less than its own counter. */
  'active-missing',
  'active-misplaced',
  'active-stray',
  'jobs-missing',
  'jobs-misplaced',
  'jobs-stray',
  'retained-missing',
  'retained-misplaced',
  'retained-stray',
  'unseen-stray',
  'fresh-stray',
  /** `lanes` does not list a lane that holds jobs, or lists one that holds none. */
  'lanes-missing',
  'lanes-stray',
  /** The same of `tenant:<t>:lanes`. */
  'tenant-lanes-missing',
  'tenant-lanes-stray',
  /** `lanes:input` of a lane is not the sum over its jobs, or there for a lane that holds none. */
  'lanes-input',
  /** A backend or a worker that holds jobs, and that nobody would look at when it dies. */
  'backends-missing',
  'workers-missing',
  /** `held_tokens` of a backend is not the sum over what it holds. */
  'held-tokens',
  /** A live job of a batch that the batch does not know of, and the other way round. */
  'open-missing',
  'open-stray',
  /** A batch that has not ended and that no batch-worker would look at again. */
  'batch-due-missing',
  'batch-due-stray',
  /** Those whose lines are fed share the window of the cell. */
  'batch-running-missing',
  'batch-running-stray',
  'batch-retained-missing',
  'batch-retained-misplaced',
  'batch-retained-stray',
] as const;

export type RepairedKind = (typeof DRIFT_KINDS)[number];

/**
 * `batch-counters`: the counters of a batch are not as many as its lines that have an outcome. Only a look finds it, and
 * nothing repairs it: what those lines came to stands in part files, which the batch is held against before it ends.
 */
export type DriftKind = RepairedKind | 'batch-counters';

/** One disagreement: about which job, lane, backend, worker or batch. */
export interface Drift {
  readonly kind: DriftKind;
  readonly subject: string;
}

const driftSchema = z.object({ kind: z.enum([...DRIFT_KINDS, 'batch-counters']), subject: z.string() });

/** A script's reply: kind, subject, kind, subject, … */
export function toDrift(reply: readonly string[]): readonly Drift[] {
  return Array.from({ length: reply.length / 2 }, (_, index) =>
    driftSchema.parse({ kind: reply[2 * index], subject: reply[2 * index + 1] }),
  );
}
