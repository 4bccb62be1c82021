import type { BackendView, JobView, Snapshot } from '@spillway/core';
import type { World } from './policy.ts';

/** Which of the backends that have room gets a job; there is at least one. */
export interface Placement {
  choose(job: JobView, candidates: readonly BackendView[], snapshot: Snapshot): BackendView | undefined;
}

/** The one that holds the fewest jobs. */
export const leastLoad: Placement = {
  choose: (_job, candidates) => best(candidates, ({ held }) => -held),
};

/** One after the other. */
export function roundRobin(): Placement {
  let turn = -1;
  return {
    choose: (_job, candidates) => {
      turn += 1;
      return candidates[turn % candidates.length];
    },
  };
}

/** Any. */
export const anyOf = (world: World): Placement => ({
  choose: (_job, candidates) => candidates[Math.floor(world.random() * candidates.length)],
});

/**
 * Consistent hashing with bounded loads by the prompt's first two blocks, as KubeAI has it: 256 places on the ring for
 * each backend, and none that would hold more than 1.25 times the mean is taken.
 */
export function boundedHashing(): Placement {
  let ring: readonly { readonly at: number; readonly id: string }[] = [];
  let ringOf = '';
  return {
    choose: (job, candidates) => {
      const ids = candidates.map(({ id }) => id).join();
      if (ids !== ringOf) {
        ringOf = ids;
        ring = candidates
          .flatMap(({ id }) =>
            Array.from({ length: 256 }, (_, place) => ({ at: hashText(`${id} ${place}`), id })),
          )
          .toSorted((a, b) => a.at - b.at);
      }
      const total = candidates.reduce((sum, { held }) => sum + held, 0);
      const bound = (1.25 * (total + 1)) / candidates.length;
      const at = hashText(`${job.prefix[0] ?? job.id} ${job.prefix[1] ?? ''}`);
      const start = ring.findIndex((place) => place.at >= at);
      for (let step = 0; step < ring.length; step += 1) {
        const place = ring[((start < 0 ? 0 : start) + step) % ring.length];
        const backend = candidates.find(({ id }) => id === place?.id);
        if (backend !== undefined && backend.held < bound) return backend;
      }
      return candidates[0];
    },
  };
}

/** The weighted sum of the llm-d router: queue 2, KV cache 2, prefix 3. */
export const weightedSum = (world: World): Placement => ({
  choose: (job, candidates, { prefixes }) => {
    const loads = new Map(candidates.map(({ id }) => [id, world.loadOf(id)]));
    const queues = Array.from(loads.values(), ({ waiting }) => waiting);
    const [most, least] = [Math.max(...queues), Math.min(...queues)];
    return best(candidates, ({ id }) => {
      const { waiting, kvUsed } = loads.get(id) ?? { waiting: 0, kvUsed: 0 };
      const queue = most === least ? 1 : (most - waiting) / (most - least);
      const matched =
        job.prefix.length === 0 ? 0 : prefixes.matchedBlocks(id, job.prefix) / job.prefix.length;
      return 2 * queue + 2 * (1 - kvUsed) + 3 * matched;
    });
  },
});

/** The one where the job's first token is predicted soonest: prompts in front of it, and its own less what is cached. */
export const timeCost: Placement = {
  choose: (job, candidates, { nowMs, prefixes, policy }) =>
    best(candidates, ({ id, prefillBusyUntilMs = 0, profile, held }) => {
      const cached = prefixes.matchedBlocks(id, job.prefix) * policy.prefixBlockTokens;
      const perTokenMs = (profile?.perPrefillTokenMs ?? 0) / (profile?.prefillFactor ?? 1);
      const ownMs = Math.max(0, job.inputTokens - cached) * perTokenMs;
      return -(Math.max(0, prefillBusyUntilMs - nowMs) + ownMs + held * (profile?.perSequenceMs ?? 0));
    }),
};

function best(
  candidates: readonly BackendView[],
  valueOf: (backend: BackendView) => number,
): BackendView | undefined {
  let chosen: BackendView | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const value = valueOf(candidate);
    if (value > highest) [chosen, highest] = [candidate, value];
  }
  return chosen;
}

/** FNV-1a with a final mix. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}
