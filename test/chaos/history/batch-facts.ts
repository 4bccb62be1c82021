import type { BatchObject } from '@spillway/contracts';
import type { BatchChange } from '../load/batch-client.ts';
import type { PlannedBatch } from '../load/planned-batch.ts';
import type { BatchResults } from './batch-results.ts';
import type { BatchEntry, Entry, Receipt, Refusal } from './history.ts';

/** All that is known about one planned batch. */
export interface BatchFacts {
  readonly plan: PlannedBatch;
  /** Of the first submission; undefined for a batch whose time never came. */
  readonly submittedAtMs: number | undefined;
  readonly accepted: readonly At<{ readonly batch: BatchObject }>[];
  /** Polls, and answers to submissions and changes, in their order. */
  readonly sightings: readonly At<{ readonly batch: BatchObject }>[];
  /** Cancels, pauses and resumes that were answered. */
  readonly changes: readonly At<{ readonly change: BatchChange; readonly batch: BatchObject }>[];
  /** The instants at which each change was asked for, again after every refusal. */
  readonly asked: readonly At<{ readonly change: BatchChange }>[];
  readonly refusals: readonly At<{ readonly of: string; readonly refusal: Refusal }>[];
  readonly receipts: readonly At<Receipt>[];
  /** Every batch that was made under its key, as it was last, with its results. */
  readonly finals: readonly FinalBatch[];
  readonly gone: readonly string[];
}

export interface FinalBatch {
  readonly batch: BatchObject;
  readonly results: BatchResults;
}

type At<Fact> = Fact & { readonly atMs: number };

/** The history of one run, batch by batch. */
export function gatherBatches(
  plans: readonly PlannedBatch[],
  entries: readonly Entry[],
): readonly BatchFacts[] {
  const byKey = Map.groupBy(entries, (entry) => ('key' in entry ? entry.key : ''));
  return plans.map((plan) => gatherBatch(plan, byKey.get(plan.key) ?? []));
}

function gatherBatch(plan: PlannedBatch, entries: readonly Entry[]): BatchFacts {
  const of = <What extends BatchEntry['what'] | 'webhook'>(...whats: readonly What[]) =>
    entries.filter((entry): entry is Extract<Entry, { what: What }> =>
      (whats as readonly string[]).includes(entry.what),
    );
  return {
    plan,
    submittedAtMs: of('batch-submitting')[0]?.atMs,
    accepted: of('batch-accepted'),
    sightings: of('batch-accepted', 'batch-seen', 'batch-changed'),
    changes: of('batch-changed'),
    asked: of('batch-changing'),
    refusals: of('batch-refused'),
    receipts: of('webhook').map(({ atMs, receipt }) => ({ atMs, ...receipt })),
    finals: of('batch-final'),
    gone: of('batch-gone').map(({ id }) => id),
  };
}
