import {
  type BackendId,
  type BackendLocation,
  type EpochMs,
  type Forecast,
  type JobId,
  JOB_CLASSES,
  MAX_RESCUES,
  type TenantId,
} from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { SILENT_IS_DEAD_MS } from '../workers/heartbeat.ts';
import type { Leadership } from './leadership.ts';

/** An assignment with everything the commit checks again; `decision` is the stored record, as JSON text. */
export interface CommitAssignment {
  readonly job: JobId;
  readonly fence: number;
  readonly backend: BackendId;
  readonly model: string;
  readonly location: BackendLocation;
  readonly slots: number;
  /** Reserved: of the prompt, and of an answer as long as one in ten. */
  readonly tokens: number;
  /** Tokens the backend may hold at most, this job's included; undefined: nobody knows. */
  readonly kvLimit?: number | undefined;
  /** What the tenant is charged, in virtual tokens, and the weight that was worked out with. */
  readonly charge: number;
  readonly weight: number;
  readonly predictedFinishAtMs: EpochMs;
  /** What its answer is taken for: as many answers are longer as are shorter. */
  readonly predictedOutputTokens: number;
  /** Price of the cheapest cloud backend that could have taken it; undefined where none could. */
  readonly counterfactual?:
    | { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number }
    | undefined;
  readonly decision: string;
}

export interface Commit {
  readonly assignments: readonly CommitAssignment[];
  readonly holds: readonly {
    readonly job: JobId;
    readonly decision: string;
    /** Only for a job of which nothing is stored yet. */
    readonly untold: boolean;
  }[];
  readonly rejections: readonly {
    readonly job: JobId;
    readonly fence: number;
    readonly detail: string;
    readonly decision: string;
  }[];
  /** Fresh jobs that are fresh no more. */
  readonly looked: readonly JobId[];
  /** Model groups that overflow by depth, and since when. */
  readonly overflowing: readonly (readonly [modelGroup: string, sinceMs: EpochMs])[];
  readonly forecasts: readonly Forecast[];
  /** Those of 1 may be left out. */
  readonly weights: readonly (readonly [tenantId: TenantId, weight: number])[];
}

export interface Dispatch {
  readonly jobId: JobId;
  readonly backendId: BackendId;
  readonly fence: number;
}

export type CommitReply =
  | {
      readonly kind: 'applied';
      readonly dispatched: readonly Dispatch[];
      readonly refused: readonly { readonly jobId: JobId; readonly because: string }[];
    }
  /** Another leader's epoch has begun: nothing was applied. */
  | { readonly kind: 'deposed' };

const replySchema = z.union([
  z.tuple([z.literal('applied'), z.array(z.union([z.string(), z.number()]))]),
  z.tuple([z.literal('deposed')]),
]);

const MOST_DECISIONS = 50;

/** Applies a plan in one atomic step; each assignment is checked against what it finds and may be refused alone. */
export function createCommitPlan(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./commit-plan.lua', import.meta.url));
  return async (commit: Commit, leadership: Leadership): Promise<CommitReply> => {
    const reply = replySchema.parse(
      await script(
        leadership.holder,
        leadership.epoch,
        MOST_DECISIONS,
        MAX_RESCUES - 1,
        SILENT_IS_DEAD_MS,
        JSON.stringify(toPlan(commit)),
      ),
    );
    if (reply[0] === 'deposed') return { kind: 'deposed' };
    const backendOf = new Map(commit.assignments.map((assignment) => [assignment.job, assignment.backend]));
    const dispatched: Dispatch[] = [];
    const refused: { jobId: JobId; because: string }[] = [];
    for (let index = 0; index < reply[1].length; index += 3) {
      const jobId = String(reply[1][index]) as JobId;
      const detail = reply[1][index + 2];
      const backendId = backendOf.get(jobId);
      if (reply[1][index + 1] === 'dispatched' && backendId !== undefined) {
        dispatched.push({ jobId, backendId, fence: Number(detail) });
      } else {
        refused.push({ jobId, because: String(detail) });
      }
    }
    return { kind: 'applied', dispatched, refused };
  };
}

/** As the script reads it. Throws on a number that is none: half of a plan would be written before the script met it. */
const toPlan = (commit: Commit) => ({
  ...commit,
  assignments: commit.assignments.map(({ counterfactual: price, ...assignment }) => ({
    ...assignment,
    tokens: Math.ceil(finite(assignment.tokens)),
    charge: finite(assignment.charge),
    weight: finite(assignment.weight),
    predictedFinishAtMs: Math.round(finite(assignment.predictedFinishAtMs)),
    predictedOutputTokens: Math.round(finite(assignment.predictedOutputTokens)),
    cloudPrice: price === undefined ? '' : `${price.inputUsdPerMillion} ${price.outputUsdPerMillion}`,
  })),
  // By the group's name as lanes have it: who joins a lane looks it up. The paces are told apart by their places, in the
  // order of JOB_CLASSES, which RANK in `lib/position.lua` has too: change both.
  forecasts: commit.forecasts.map(({ modelGroup, jobMs, residenceMs, paceMs }) => [
    encodeURIComponent(modelGroup),
    [jobMs, residenceMs, ...(paceMs === undefined ? [] : JOB_CLASSES.map((jobClass) => paceMs[jobClass]))]
      .map(inSixDigits)
      .join(' '),
  ]),
  weights: commit.weights.filter(([, weight]) => weight !== 1),
});

/** The record of a job keeps what it was foretold with, and takes ten times the memory with a longer value than 64 bytes. */
const inSixDigits = (value: number): number => Number(finite(value).toPrecision(6));

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`a plan with ${value} in it`);
  return value;
}
