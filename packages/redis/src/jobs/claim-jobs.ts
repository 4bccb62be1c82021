import type {
  BackendId,
  BackendLocation,
  EpochMs,
  JobClass,
  JobId,
  JsonObject,
  TenantId,
  WorkerId,
} from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { parseFeatures, type RecordedFeatures } from './job-features.ts';
import { readForetold } from './read-finish.ts';

/** The lease of one attempt: whoever shows another fence has lost it. */
export interface Lease {
  readonly jobId: JobId;
  readonly fence: number;
  readonly workerId: WorkerId;
}

export interface Claim {
  readonly lease: Lease;
  readonly tenantId: TenantId;
  readonly jobClass: JobClass;
  readonly attempt: number;
  /** Earlier attempts that failed; those that were given back or lost with their worker do not count. */
  readonly failures: number;
  /** Workers and engines that died with this job in their hands. */
  readonly rescues: number;
  readonly dispatchedAtMs: EpochMs;
  /** When the plan that dispatched it expected its answer; undefined: it did not say. */
  readonly predictedFinishAtMs: EpochMs | undefined;
  /** What that plan took its answer for; undefined: it did not say. */
  readonly predictedOutputTokens: number | undefined;
  /** The finish its client was told when it was submitted; undefined: none was known, or it is a line of a batch. */
  readonly estimatedFinishAtMs: EpochMs | undefined;
  readonly startedAtMs: EpochMs;
  readonly attemptTimeoutMs: number;
  readonly deadlineAtMs: EpochMs;
  /** The name clients use for the model to run. */
  readonly model: string;
  readonly pinned: boolean;
  readonly features: RecordedFeatures;
  readonly request: JsonObject;
}

export interface ClaimRequest {
  readonly workerId: WorkerId;
  readonly backendId: BackendId;
  readonly location: BackendLocation;
  /** Most jobs; 1 or more. */
  readonly most: number;
}

export interface ClaimReply {
  readonly claims: readonly Claim[];
  /** Pinned jobs that had come to a cloud backend and are back in line; the commit lets none get there. */
  readonly blocked: readonly JobId[];
}

const claimSchema = z.tuple([
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
]);
const replySchema = z.tuple([z.number(), z.array(claimSchema), z.array(z.string())]);

/** Requests of one call, so that its reply stays small: one further job may exceed it. */
const MOST_BYTES = 1_000_000;
const BLOCKED_FOR_MS = 5000;

/** Takes the leases of what is dispatched to a backend, oldest first. One call, atomic. */
export function createClaimJobs(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./claim-jobs.lua', import.meta.url));
  return async ({ workerId, backendId, location, most }: ClaimRequest): Promise<ClaimReply> => {
    const [startedAtMs, claims, blocked] = replySchema.parse(
      await script(workerId, backendId, location, most, MOST_BYTES, BLOCKED_FOR_MS),
    );
    return {
      claims: claims.flatMap((fields) => toClaim(fields, workerId, startedAtMs)),
      blocked: blocked as JobId[],
    };
  };
}

/** None for a job of another version: its worker will not know of it, and the store takes it back. */
function toClaim(
  [
    jobId,
    fence,
    attempt,
    attemptTimeoutMs,
    deadlineAtMs,
    model,
    pin,
    text,
    request,
    failures,
    rescues,
    dispatchedAtMs,
    predictedFinishAtMs,
    tenantId,
    jobClass,
    createdAtMs,
    predictedOutputTokens,
    foretold,
  ]: z.infer<typeof claimSchema>,
  workerId: WorkerId,
  startedAtMs: EpochMs,
): readonly Claim[] {
  const features = parseFeatures(text);
  if (features === undefined) return [];
  return [
    {
      lease: { jobId: jobId as JobId, fence, workerId },
      tenantId: tenantId as TenantId,
      jobClass: jobClass as JobClass,
      attempt,
      failures,
      rescues,
      dispatchedAtMs,
      predictedFinishAtMs: numberIn(predictedFinishAtMs),
      predictedOutputTokens: numberIn(predictedOutputTokens),
      estimatedFinishAtMs: readForetold(createdAtMs, foretold, deadlineAtMs),
      startedAtMs,
      attemptTimeoutMs,
      deadlineAtMs,
      model,
      pinned: pin !== 'open',
      features,
      request: JSON.parse(request) as JsonObject,
    },
  ];
}

const numberIn = (text: string): number | undefined => (text === '' ? undefined : Number(text));
