import type { BackendId, BackendLocation, EpochMs, JobId, JsonObject, WorkerId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import type { JobFeatures } from './new-job.ts';

/** The lease of one attempt: whoever shows another fence has lost it. */
export interface Lease {
  readonly jobId: JobId;
  readonly fence: number;
  readonly workerId: WorkerId;
}

export interface Claim {
  readonly lease: Lease;
  readonly attempt: number;
  /** Earlier attempts that failed; those that were given back or lost with their worker do not count. */
  readonly failures: number;
  readonly startedAtMs: EpochMs;
  readonly attemptTimeoutMs: number;
  readonly deadlineAtMs: EpochMs;
  /** The name clients use for the model to run. */
  readonly model: string;
  readonly pinned: boolean;
  readonly features: JobFeatures;
  readonly request: JsonObject;
}

export type ClaimReply =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'refused'; readonly because: string };

const replySchema = z.union([
  z.tuple([
    z.literal('claimed'),
    z.coerce.number(),
    z.coerce.number(),
    z.coerce.number(),
    z.coerce.number(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.coerce.number(),
  ]),
  z.tuple([z.literal('refused'), z.string()]),
]);

/** Turns a hint into a lease, or says that the hint is stale. One call, atomic. */
export function createClaimJob(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./claim-job.lua', import.meta.url));
  return async (
    jobId: JobId,
    fence: number,
    workerId: WorkerId,
    backendId: BackendId,
    location: BackendLocation,
  ): Promise<ClaimReply> => {
    const reply = replySchema.parse(await script(jobId, fence, workerId, backendId, location));
    if (reply[0] === 'refused') return { kind: 'refused', because: reply[1] };
    const [, attempt, startedAtMs, attemptTimeoutMs, deadlineAtMs, model, pin, features, request, failures] =
      reply;
    return {
      kind: 'claimed',
      claim: {
        lease: { jobId, fence, workerId },
        attempt,
        failures,
        startedAtMs,
        attemptTimeoutMs,
        deadlineAtMs,
        model,
        pinned: pin !== 'open',
        features: JSON.parse(features) as JobFeatures,
        request: JSON.parse(request) as JsonObject,
      },
    };
  };
}
