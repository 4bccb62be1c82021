import { type EpochMs, type JobId, type JobView, type LaneView, MAX_RESCUES } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseFeatures, parsePrefix } from '../jobs/job-features.ts';
import { type Keys, parseLaneKey } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { SILENT_IS_DEAD_MS } from '../workers/heartbeat.ts';

/** Jobs taken from those that did not end them: back in their lanes, or given up as poison. */
export interface Rescue {
  readonly rescued: number;
  readonly poisoned: number;
}

/** What the leader does beside planning. Each call does a bounded amount and may run twice without harm. */
export interface Duties {
  /** The clock to start: ends jobs that never ran. */
  expireUnstarted(): Promise<number>;
  /** The deadline: ends whatever is not over, running jobs after a grace. */
  expireOverdue(): Promise<number>;
  /** The clock of one attempt: takes back what its worker did not end in time. */
  endOverlong(): Promise<Rescue>;
  /** The clock of a result: forgets jobs that were kept long enough, and counters that say nothing any more. */
  purgeRetained(): Promise<number>;
  /** Takes back what the dead hold, and dispatches nobody claims. */
  rescueJobs(): Promise<Rescue>;
  /** Jobs that have waited for a second and of which no decision is stored: no tick has come to them. */
  unseenJobs(): Promise<{ readonly nowMs: EpochMs; readonly jobs: readonly UnseenJob[] }>;
  /** Stores the first decision of such jobs, as JSON texts; those that have moved on get none. */
  recordHolds(records: readonly { readonly job: JobId; readonly decision: string }[]): Promise<number>;
}

/** A waiting job, where it stands in its lane, and how long that is. */
export interface UnseenJob {
  readonly job: JobView;
  readonly lane: Omit<LaneView, 'head'>;
  readonly ahead: number;
}

const MOST_PER_CALL = 500;
/** As much as a second of the fastest load can end. */
const MOST_CALLS = 10;
/** A worker aborts at the deadline; it gets this long to settle before the job is ended over its head. */
export const DEADLINE_GRACE_MS = 5000;
/** Longer than a worker takes to settle through an outage; the attempt is over by then in any case. */
const ATTEMPT_GRACE_MS = 10_000;
/** A living worker looks for its dispatches every second; one that leaves them lying this long does not get to them. */
const UNCLAIMED_MS = 30_000;
const UNSEEN_AFTER_MS = 1000;

const unseenEntrySchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.coerce.number(),
  z.coerce.number(),
  z.coerce.number(),
  z.string(),
  z.string(),
]);
const unseenSchema = z.tuple([z.number(), z.array(unseenEntrySchema)]);
/** Counters of tenants looked at in one call, about. */
const COUNTERS_PER_CALL = 200;
const rescueSchema = z.tuple([z.number(), z.number()]);

export function createDuties(redis: Redis, keys: Keys): Duties {
  const unstarted = defineScript(redis, keys, new URL('./expire-unstarted.lua', import.meta.url));
  const overdue = defineScript(redis, keys, new URL('./expire-overdue.lua', import.meta.url));
  const overlong = defineScript(redis, keys, new URL('./end-overlong.lua', import.meta.url));
  const rescue = defineScript(redis, keys, new URL('./rescue-jobs.lua', import.meta.url));
  const purge = defineScript(redis, keys, new URL('./purge-retained.lua', import.meta.url));
  const counters = defineScript(redis, keys, new URL('./forget-counters.lua', import.meta.url));
  const unseen = defineScript(redis, keys, new URL('./list-unseen.lua', import.meta.url));
  const record = defineScript(redis, keys, new URL('./record-holds.lua', import.meta.url));
  let counter = '0';
  return {
    unseenJobs: async () => {
      const [nowMs, entries] = unseenSchema.parse(await unseen(UNSEEN_AFTER_MS, MOST_PER_CALL));
      return { nowMs, jobs: entries.flatMap(toUnseen) };
    },
    recordHolds: async (records) =>
      records.length === 0
        ? 0
        : z.coerce.number().parse(await record(...records.flatMap(({ job, decision }) => [job, decision]))),
    expireUnstarted: () => repeat(() => unstarted(MOST_PER_CALL)),
    expireOverdue: () => repeat(() => overdue(MOST_PER_CALL, DEADLINE_GRACE_MS)),
    endOverlong: async () => toRescue(await overlong(ATTEMPT_GRACE_MS, MAX_RESCUES, MOST_PER_CALL)),
    rescueJobs: async () =>
      toRescue(await rescue(SILENT_IS_DEAD_MS, MAX_RESCUES, UNCLAIMED_MS, MOST_PER_CALL)),
    purgeRetained: async () => {
      const purged = await repeat(() => purge(MOST_PER_CALL));
      counter = z.string().parse(await counters(counter, COUNTERS_PER_CALL));
      return purged;
    },
  };
}

/** Calls until little is left to do, so that a duty keeps up with a load without a script that blocks Redis for long. */
async function repeat(call: () => Promise<unknown>): Promise<number> {
  let total = 0;
  for (let calls = 0; calls < MOST_CALLS; calls += 1) {
    const done = z.coerce.number().parse(await call());
    total += done;
    if (done < MOST_PER_CALL) break;
  }
  return total;
}

function toRescue(reply: unknown): Rescue {
  const [rescued, poisoned] = rescueSchema.parse(reply);
  return { rescued, poisoned };
}

/** None for a job of another version: no plan reads it either, and the snapshot names it. */
function toUnseen([id, key, ahead, depth, inputTokens, createdAtMs, deadlineAtMs, text, prefix]: z.infer<
  typeof unseenEntrySchema
>): readonly UnseenJob[] {
  const features = parseFeatures(text);
  if (features === undefined) return [];
  const job = {
    id: id as JobId,
    fence: 0,
    submittedAtMs: createdAtMs,
    queuedAtMs: createdAtMs,
    deadlineAtMs,
    ...features,
    prefix: parsePrefix(prefix),
    rescues: 0,
    excluded: [],
  };
  return [{ job, lane: { key, depth, inputTokens, ...parseLaneKey(key) }, ahead }];
}
