import type { EpochMs, JobId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { confirmDurable } from '../durability.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { groupCalls } from '../script/group-calls.ts';
import { type FirstAnswer, firstAnswer, type JobRecord, newJobRecord } from './job-record.ts';
import { jobArguments, type NewJob } from './new-job.ts';
import { readFinish } from './read-finish.ts';

/** A client's own name for one submission, and the hash of what it sent under it. */
export interface IdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
  /** How long the name is known, in ms: until then the same one again is not made twice. */
  readonly keepMs: number;
}

export interface SubmitLimits {
  readonly maxQueuedJobs: number;
  /** Refuse rather than join a longer queue of the model group. */
  readonly maxQueueLength: number | undefined;
  /** Rate limits; a minute's worth may come at once. Undefined: none. */
  readonly requestsPerMinute?: number | undefined;
  /** Of prompt tokens; a prompt of more than a minute's worth is admitted when nothing else was, and then the rest waits. */
  readonly tokensPerMinute?: number | undefined;
}

/** What was written, and where the job stood in line at that instant: 1 is the next one. */
interface Admission {
  readonly record: JobRecord;
  readonly position: number;
  /** Undefined until a plan has told how fast its model group is served. */
  readonly estimatedFinishAtMs: EpochMs | undefined;
}

/** An earlier submission under the same idempotency key; what was said of it then, whatever became of it since. */
export type Replay = { readonly kind: 'replayed' } & Admission;

/** The key was used with another body. */
export interface Conflict {
  readonly kind: 'conflict';
}

export type Submission =
  | ({ readonly kind: 'accepted' } & Admission)
  | Replay
  | Conflict
  | { readonly kind: 'over-quota'; readonly live: number }
  | { readonly kind: 'queue-too-long'; readonly length: number }
  | { readonly kind: 'rate-limited'; readonly limit: RateLimit; readonly retryAfterMs: number };

/** What a tenant may have only so much of in a minute. */
export type RateLimit = 'requests' | 'tokens';

type AdmitJob = (
  job: NewJob,
  limits: SubmitLimits,
  idempotency: IdempotencyKey | undefined,
) => Promise<Submission>;

const replySchema = z.array(
  z.union([
    z.tuple([z.literal('accepted'), z.number(), z.number(), z.string()]),
    z.tuple([z.literal('replayed'), z.string(), z.string(), z.number(), z.number(), z.string()]),
    z.tuple([z.literal('conflict')]),
    z.tuple([z.enum(['over-quota', 'queue-too-long']), z.number()]),
    z.tuple([z.literal('rate-limited'), z.enum(['requests', 'tokens']), z.number()]),
  ]),
);
type Reply = z.infer<typeof replySchema>[number];

/** One, three or four calls at once were measured to gain nothing over two; the rest bounds what a script blocks Redis for. */
const GROUPS = {
  mostCalls: 2,
  mostItems: 128,
  mostBytes: 1_000_000,
  mostWaitingBytes: 64_000_000,
  waitMs: 3000,
} as const;

/**
 * Writes an admitted job, whole or not at all. The reply comes after the write is on disk (`appendfsync always`), and
 * submissions that come together share the sync. Rejects, for `isStoreUnavailable`, when the store cannot take it.
 */
export function createSubmitJob(redis: Redis, keys: Keys): AdmitJob {
  const script = defineScript(redis, keys, new URL('./submit-jobs.lua', import.meta.url));
  const submit = groupCalls<readonly (string | number)[], Reply>(async (submissions) => {
    const replies = replySchema.parse(await script(submissions.length, ...submissions.flat()));
    await confirmDurable(redis);
    return replies;
  }, GROUPS);
  return async (job, limits, idempotency) => {
    const reply = await submit(argumentsOf(job, limits, idempotency), job.request.length);
    switch (reply[0]) {
      case 'accepted':
        return {
          kind: 'accepted',
          ...toAdmission(newJobRecord({ id: job.id, ...firstAnswer(job) }, reply[1]), reply[2], reply[3]),
        };
      case 'replayed':
        return toReplay(reply[1], reply[2], reply[3], reply[4], reply[5]);
      case 'conflict':
        return { kind: 'conflict' };
      case 'over-quota':
        return { kind: 'over-quota', live: reply[1] };
      case 'queue-too-long':
        return { kind: 'queue-too-long', length: reply[1] };
      case 'rate-limited':
        return { kind: 'rate-limited', limit: reply[1], retryAfterMs: reply[2] };
    }
  };
}

/** The answer to a submission as it was first given, from what its idempotency record holds. */
export function toReplay(
  id: string,
  first: string,
  atMs: EpochMs,
  position: number,
  forecast: string,
): Replay {
  const record = newJobRecord({ id: id as JobId, ...(JSON.parse(first) as FirstAnswer) }, atMs);
  return { kind: 'replayed', ...toAdmission(record, position, forecast) };
}

const toAdmission = (record: JobRecord, position: number, forecast: string): Admission => ({
  record,
  position,
  estimatedFinishAtMs: readFinish(record.createdAtMs, position, forecast, record.deadlineAtMs),
});

function argumentsOf(
  job: NewJob,
  limits: SubmitLimits,
  idempotency: IdempotencyKey | undefined,
): readonly (string | number)[] {
  return [
    job.lane.tenantId,
    limits.maxQueuedJobs,
    limits.maxQueueLength ?? -1,
    idempotency?.key ?? '',
    idempotency?.bodyHash ?? '',
    idempotency?.keepMs ?? 0,
    limits.requestsPerMinute ?? '',
    limits.tokensPerMinute ?? '',
    idempotency === undefined ? '' : JSON.stringify(firstAnswer(job)),
    ...jobArguments(job, undefined),
  ];
}
