import type { BackendId, JobId, WorkerId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Lease } from '../jobs/claim-jobs.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { type BackendDescriptor, formatEstimate } from './descriptor.ts';

/** A worker or backend that was not heard of for this long is dead: ten heartbeats missed. */
export const SILENT_IS_DEAD_MS = 10_000;

export interface Heartbeat {
  readonly workerId: WorkerId;
  readonly backendId: BackendId;
  readonly descriptor: BackendDescriptor;
  /** Attempts the backend takes at once, over all its workers; undefined leaves it to the others to speak for it. */
  readonly slots: number | undefined;
  /** A local engine has one worker at a time; a cloud account is shared. */
  readonly exclusive: boolean;
  /** The leases this worker believes in, for this backend. */
  readonly leases: readonly Lease[];
}

export type HeartbeatReply =
  | { readonly kind: 'alive'; readonly lost: readonly JobId[] }
  | { readonly kind: 'standby'; readonly owner: WorkerId };

const replySchema = z.tuple([z.enum(['alive', 'standby'])]).rest(z.string());

/** One sign of life for all leases of a worker on one backend; the answer names those it has lost. */
export function createHeartbeat(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./heartbeat.lua', import.meta.url));
  return async (heartbeat: Heartbeat): Promise<HeartbeatReply> => {
    // It has a field of its own: plans are made without it, many times a second.
    const { profileEstimate, ...descriptor } = heartbeat.descriptor;
    const [kind, ...rest] = replySchema.parse(
      await script(
        heartbeat.workerId,
        heartbeat.backendId,
        JSON.stringify(descriptor),
        heartbeat.slots ?? '',
        Number(heartbeat.exclusive),
        SILENT_IS_DEAD_MS,
        Number(descriptor.draining),
        formatEstimate(profileEstimate),
        ...heartbeat.leases.flatMap((lease) => [lease.jobId, lease.fence]),
      ),
    );
    return kind === 'alive' ? { kind, lost: rest as JobId[] } : { kind, owner: (rest[0] ?? '') as WorkerId };
  };
}

/** Says goodbye after a drain; jobs dispatched to a local engine go back to their lanes at once. */
export function createLeave(redis: Redis, keys: Keys) {
  const script = defineScript(redis, keys, new URL('./leave.lua', import.meta.url));
  return async (workerId: WorkerId, backendId: BackendId, exclusive: boolean): Promise<number> =>
    z.coerce.number().parse(await script(workerId, backendId, Number(exclusive), SILENT_IS_DEAD_MS));
}
