import type { WorkerId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';

/** The right to commit plans: of this holder, in this epoch. */
export interface Leadership {
  readonly holder: WorkerId;
  readonly epoch: number;
}

export interface LeaderElection {
  /** Takes the lease if it is free or ours, for `leaseMs` from now; undefined while another one leads. */
  lead(candidate: WorkerId, leaseMs: number): Promise<Leadership | undefined>;
  resign(holder: WorkerId): Promise<void>;
}

const replySchema = z.union([
  z.tuple([z.literal('leading'), z.coerce.number()]),
  z.tuple([z.literal('standby'), z.string()]),
]);

export function createLeaderElection(redis: Redis, keys: Keys): LeaderElection {
  const lead = defineScript(redis, keys, new URL('./lead.lua', import.meta.url));
  const resign = defineScript(redis, keys, new URL('./resign.lua', import.meta.url));
  return {
    lead: async (candidate, leaseMs) => {
      const reply = replySchema.parse(await lead(candidate, leaseMs));
      return reply[0] === 'leading' ? { holder: candidate, epoch: reply[1] } : undefined;
    },
    resign: async (holder) => {
      await resign(holder);
    },
  };
}
