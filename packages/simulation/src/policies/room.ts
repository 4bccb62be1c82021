import type { BackendView, JobView } from '@spillway/core';
import { type CacheShare, peakTokens, shareOfHeld, shareOfNext } from './peak-tokens.ts';
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

/** Room by what the worker holds, or by what an oracle says that the KV cache will hold at its fullest. */
export function openRoom(world: World, admission: Admission): Room {
  const shares = new Map<string, CacheShare[]>();
  const sharesOf = (backend: BackendView): CacheShare[] => {
    const known = shares.get(backend.id);
    if (known !== undefined) return known;
    const held = Array.from(world.heldBy(backend.id), shareOfHeld);
    shares.set(backend.id, held);
    return held;
  };
  const next = (job: JobView): CacheShare => shareOfNext(job.inputTokens, world.outputOf(job.id));
  const taken = new Map<string, number>();
  return {
    withTaken: (backend) => {
      const more = taken.get(backend.id);
      return more === undefined ? backend : { ...backend, held: backend.held + more };
    },
    hasFor: (backend, job) => {
      if (backend.held + (taken.get(backend.id) ?? 0) >= backend.slots) return false;
      if (admission === 'slots' || backend.kvCapacityTokens === undefined) return true;
      return peakTokens([...sharesOf(backend), next(job)]) < backend.kvCapacityTokens;
    },
    take: (backend, job) => {
      taken.set(backend.id, (taken.get(backend.id) ?? 0) + 1);
      if (admission === 'peak') sharesOf(backend).push(next(job));
    },
  };
}
