import type { BackendView, JobView } from '@spillway/core';
import type { World } from './policy.ts';

/** slots: as many jobs as the worker holds. peak: as many as the KV cache will hold at its fullest, by an oracle. */
export type Admission = 'slots' | 'peak';

/** What a backend has room for in one round of decisions. */
export interface Room {
  hasFor(backend: BackendView, job: JobView): boolean;
  take(backend: BackendView, job: JobView): void;
  /** The backend with what this round gave it already. */
  withTaken(backend: BackendView): BackendView;
}

interface Sizes {
  /** KV tokens now, and tokens still to come; by the latter, longest first. */
  readonly now: number;
  readonly left: number;
}

/**
 * `peak` is how LightLLM, the engine of the published fairness figures, admits requests: sorted by what is left to
 * generate, the fullest moment is just before one of them ends.
 */
export function openRoom(world: World, admission: Admission): Room {
  const sizes = new Map<string, Sizes[]>();
  const sizesOf = (backend: BackendView): Sizes[] => {
    const known = sizes.get(backend.id);
    if (known !== undefined) return known;
    const held: Sizes[] = [];
    for (const { inputTokens, generated, outputTokens } of world.heldBy(backend.id))
      held.push({ now: inputTokens + generated, left: Math.max(0, outputTokens - generated - 1) });
    sizes.set(backend.id, held);
    return held;
  };
  const taken = new Map<string, number>();
  return {
    withTaken: (backend) => {
      const more = taken.get(backend.id);
      return more === undefined ? backend : { ...backend, held: backend.held + more };
    },
    hasFor: (backend, job) => {
      if (backend.held + (taken.get(backend.id) ?? 0) >= backend.slots) return false;
      if (admission === 'slots' || backend.kvCapacityTokens === undefined) return true;
      const left = world.outputOf(job.id) - 1;
      return peak([...sizesOf(backend), { now: job.inputTokens + 1, left }]) < backend.kvCapacityTokens;
    },
    take: (backend, job) => {
      taken.set(backend.id, (taken.get(backend.id) ?? 0) + 1);
      if (admission === 'peak')
        sizesOf(backend).push({ now: job.inputTokens + 1, left: world.outputOf(job.id) - 1 });
    },
  };
}

function peak(sizes: readonly Sizes[]): number {
  let most = 0;
  let now = 0;
  for (const [index, size] of sizes.toSorted((a, b) => b.left - a.left).entries()) {
    now += size.now;
    most = Math.max(most, now + size.left * (index + 1));
  }
  return most;
}
