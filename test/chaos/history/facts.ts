import type { JobBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import type { FaultRecord } from '../faults/fault.ts';
import type { PlannedJob } from '../load/planned-job.ts';
import type { BatchFacts } from './batch-facts.ts';
import type { Entry, Receipt, Refusal } from './history.ts';
import type { JournalLine } from './journal.ts';

/** All that is known about one planned job. */
export interface JobFacts {
  readonly plan: PlannedJob;
  /** Of the first submission; undefined for a job whose time never came. */
  readonly submittedAtMs: number | undefined;
  readonly accepted: readonly At<{ readonly record: JobBody }>[];
  /** Polls, answers to cancels and answers to submissions, in their order. */
  readonly sightings: readonly At<{ readonly record: JobBody }>[];
  readonly cancels: readonly At<{ readonly record: JobBody }>[];
  readonly refusals: readonly At<{ readonly of: string; readonly refusal: Refusal }>[];
  readonly receipts: readonly At<Receipt>[];
  /** The last record of every job that was made under its key. */
  readonly finals: readonly JobBody[];
  readonly gone: readonly JobId[];
}
type At<Fact> = Fact & { readonly atMs: number };

/** What the checkers judge: everything of one run. */
export interface RunFacts {
  readonly jobs: readonly JobFacts[];
  readonly batches: readonly BatchFacts[];
  readonly faults: readonly FaultRecord[];
  readonly engine: readonly JournalLine[];
  readonly cloud: readonly JournalLine[];
  /** Of the local backend: attempts at once. */
  readonly cap: number;
  readonly leftovers: Leftovers;
  readonly crashes: readonly string[];
  /** What was logged about batches whose lines and counts were found to disagree. */
  readonly unverified: readonly string[];
  /** Leases of batches that ran out with a dead or stopped worker and were taken by another. */
  readonly rescuedBatches: number;
}

/** What is still there when all has ended. */
export interface Leftovers {
  /** Counts of the store that should be 0. */
  readonly counts: Readonly<Record<string, number>>;
  readonly drift: readonly { readonly kind: string; readonly subject: string }[];
  /** Processes that outlived the platform. */
  readonly processes: readonly string[];
  /** Everything in the folder of blobs. */
  readonly blobs: readonly BlobFile[];
  /** The files and batches that the store knows, by their ids. */
  readonly known: readonly string[];
}

export interface BlobFile {
  /** Below the folder. */
  readonly path: string;
  readonly modifiedAtMs: number;
}

/** The history of one run, job by job. */
export function gatherJobs(plans: readonly PlannedJob[], entries: readonly Entry[]): readonly JobFacts[] {
  const byKey = Map.groupBy(entries, (entry) => ('key' in entry ? entry.key : ''));
  return plans.map((plan) => gatherJob(plan, byKey.get(plan.key) ?? []));
}

function gatherJob(plan: PlannedJob, entries: readonly Entry[]): JobFacts {
  const of = <What extends Entry['what']>(...whats: readonly What[]) =>
    entries.filter((entry): entry is Extract<Entry, { what: What }> =>
      (whats as readonly string[]).includes(entry.what),
    );
  return {
    plan,
    submittedAtMs: of('submitting')[0]?.atMs,
    accepted: of('accepted'),
    sightings: of('accepted', 'seen', 'cancel-answered'),
    cancels: of('cancel-answered'),
    refusals: of('refused'),
    receipts: of('webhook').map(({ atMs, receipt }) => ({ atMs, ...receipt })),
    finals: of('final').map(({ record }) => record),
    gone: of('gone').map(({ id }) => id),
  };
}
