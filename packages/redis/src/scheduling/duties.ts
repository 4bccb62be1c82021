import type { BackendId, EpochMs, JobId, JobView, LaneView } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { JobFeatures } from '../jobs/new-job.ts';
import { type Keys, parseLaneKey } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { MAX_RESCUES, SILENT_IS_DEAD_MS } from '../workers/heartbeat.ts';
import type { Dispatch } from './commit-plan.ts';

export interface Rescue {
  readonly rescued: number;
  readonly poisoned: number;
  /** Dispatches nobody claimed although their backend lives: their hints are to be published again. */
  readonly unclaimed: readonly Dispatch[];
}

/** What the leader does beside planning. Each call does a bounded amount and may run twice without harm. */
export interface Duties {
  expireJobs(): Promise<number>;
  rescueJobs(): Promise<Rescue>;
  /** Jobs that have waited for a second and of which no decision is stored: no tick has come to them. */
  unseenJobs(): Promise<{ readonly nowMs: EpochMs; readonly jobs: readonly UnseenJob[] }>;
  /** Stores the first decision of such jobs, as JSON texts; those that have moved on get none. */
  recordHolds(records: readonly { readonly job: JobId; readonly decision: string }[]): Promise<number>;
  purgeRetained(): Promise<number>;
}

/** A waiting job, where it stands in its lane, and how long that is. */
export interface UnseenJob {
  readonly job: JobView;
  readonly lane: Omit<LaneView, 'head'>;
  readonly ahead: number;
}

const MOST_PER_CALL = 500;
/** A worker aborts at the deadline; it gets this long to settle before the job is ended over its head. */
const DEADLINE_GRACE_MS = 5000;
const UNCLAIMED_MS = 5000;
const UNSEEN_AFTER_MS = 1000;

const unseenSchema = z.tuple([
  z.number(),
  z.array(
    z.tuple([
      z.string(),
      z.string(),
      z.number(),
      z.number(),
      z.coerce.number(),
      z.coerce.number(),
      z.string(),
    ]),
  ),
]);
const rescueSchema = z.tuple([z.coerce.number(), z.coerce.number(), z.array(z.string())]);

export function createDuties(redis: Redis, keys: Keys): Duties {
  const expire = defineScript(redis, keys, new URL('./expire-jobs.lua', import.meta.url));
  const rescue = defineScript(redis, keys, new URL('./rescue-jobs.lua', import.meta.url));
  const purge = defineScript(redis, keys, new URL('./purge-retained.lua', import.meta.url));
  const unseen = defineScript(redis, keys, new URL('./list-unseen.lua', import.meta.url));
  const record = defineScript(redis, keys, new URL('./record-holds.lua', import.meta.url));
  return {
    unseenJobs: async () => {
      const [nowMs, entries] = unseenSchema.parse(await unseen(UNSEEN_AFTER_MS, MOST_PER_CALL));
      const jobs = entries.map(([id, key, ahead, depth, queuedAtMs, deadlineAtMs, text]): UnseenJob => {
        const features = JSON.parse(text) as JobFeatures;
        const job = { id: id as JobId, fence: 0, queuedAtMs, deadlineAtMs, ...features, excluded: [] };
        return { job, lane: { key, depth, ...parseLaneKey(key) }, ahead };
      });
      return { nowMs, jobs };
    },
    recordHolds: async (records) =>
      records.length === 0
        ? 0
        : z.coerce.number().parse(await record(...records.flatMap(({ job, decision }) => [job, decision]))),
    expireJobs: async () => z.coerce.number().parse(await expire(MOST_PER_CALL, DEADLINE_GRACE_MS)),
    rescueJobs: async () => {
      const [rescued, poisoned, fields] = rescueSchema.parse(
        await rescue(SILENT_IS_DEAD_MS, MAX_RESCUES, UNCLAIMED_MS, MOST_PER_CALL),
      );
      const unclaimed: Dispatch[] = [];
      for (let index = 0; index < fields.length; index += 3) {
        unclaimed.push({
          jobId: fields[index] as JobId,
          fence: Number(fields[index + 1]),
          backendId: fields[index + 2] as BackendId,
        });
      }
      return { rescued, poisoned, unclaimed };
    },
    purgeRetained: async () => z.coerce.number().parse(await purge(MOST_PER_CALL)),
  };
}
