import {
  type BackendId,
  type EpochMs,
  type FailureReason,
  type JobStateKind,
  type JsonObject,
  MAX_RESCUES,
  type Usage,
} from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { confirmDurable } from '../durability.ts';
import { defineScript } from '../script/define-script.ts';
import type { Lease } from './claim-jobs.ts';

export interface ServedBy {
  readonly backend: BackendId;
  readonly location: 'local' | 'cloud';
  readonly model: string;
  readonly simulated: boolean;
}

/** What an attempt came to. */
export type Settlement =
  | ({ readonly kind: 'completed' } & JobResult)
  | {
      readonly kind: 'retry';
      readonly reason: FailureReason;
      readonly availableAtMs: EpochMs;
      readonly exclude: BackendId | undefined;
      readonly backendFault: BackendFault;
    }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly backendFault: BackendFault }
  /** The engine died with the job in its hands: it waits until then, or is given up as poison. */
  | {
      readonly kind: 'crashed';
      readonly reason: FailureReason;
      readonly availableAtMs: EpochMs;
      readonly backendFault: BackendFault;
    }
  | { readonly kind: 'expired' }
  /** The worker drains and gives the job back: not the attempt's fault. */
  | { readonly kind: 'returned' };

/** What a failure says about the backend: whether it is to blame, and how long it asked to be left alone. */
export interface BackendFault {
  readonly blamed: boolean;
  readonly coolForMs: number;
}

export type SettleReply =
  | { readonly kind: 'settled'; readonly state: JobStateKind }
  | { readonly kind: 'lost'; readonly state: string };

const replySchema = z.union([
  z.tuple([z.literal('settled'), z.string()]),
  z.tuple([z.literal('lost'), z.string(), z.coerce.number()]),
]);

/** Ends an attempt in one atomic step, with its fence; a lost lease settles nothing and says so. */
export function createSettleJob(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./settle-job.lua', import.meta.url));
  return async (lease: Lease, settlement: Settlement): Promise<SettleReply> => {
    const { jobId, fence, workerId } = lease;
    const reply = replySchema.parse(
      await script(jobId, fence, workerId, settlement.kind, ...argumentsOf(settlement)),
    );
    await confirmDurable(redis);
    return reply[0] === 'lost'
      ? { kind: 'lost', state: reply[1] }
      : { kind: 'settled', state: reply[1] as JobStateKind };
  };
}

/** What `job:<id>:result` holds, as JSON. */
export interface JobResult {
  readonly statusCode: number;
  readonly body: JsonObject;
  readonly usage: Usage;
  readonly servedBy: ServedBy;
}

const toResult = ({ statusCode, body, usage, servedBy }: JobResult): JobResult => ({
  statusCode,
  body,
  usage,
  servedBy,
});

/** In the order of the script. */
function argumentsOf(settlement: Settlement): readonly (string | number)[] {
  switch (settlement.kind) {
    case 'completed':
      return [
        JSON.stringify(toResult(settlement)),
        '',
        '',
        '',
        0,
        0,
        settlement.usage.inputTokens,
        settlement.usage.outputTokens,
        settlement.servedBy.location,
      ];
    case 'retry': {
      const { reason, availableAtMs, exclude, backendFault } = settlement;
      return [
        reason.kind,
        reason.detail,
        availableAtMs,
        exclude ?? '',
        backendFault.coolForMs,
        Number(backendFault.blamed),
      ];
    }
    case 'failed': {
      const { reason, backendFault } = settlement;
      return [reason.kind, reason.detail, '', '', backendFault.coolForMs, Number(backendFault.blamed)];
    }
    case 'crashed': {
      const { reason, availableAtMs, backendFault } = settlement;
      return [
        reason.kind,
        reason.detail,
        availableAtMs,
        MAX_RESCUES,
        backendFault.coolForMs,
        Number(backendFault.blamed),
      ];
    }
    case 'expired':
      return ['expired', 'the deadline passed while an attempt ran', '', '', 0, 0];
    case 'returned':
      return ['worker-drained', 'the worker was stopped and gave the job back', '', '', 0, 0];
  }
}
