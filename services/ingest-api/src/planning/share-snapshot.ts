import type { StoreSnapshot } from '@spillway/redis';

/**
 * Reading the state of a cell costs the store what a tick of the scheduler costs it, so those who ask within this time
 * share one: however many ask, it is read at most ten times a second.
 */
const SHARED_MS = 100;

/** Takes a snapshot, or answers with the one that was just taken for somebody else. */
export function shareSnapshot(
  take: () => Promise<StoreSnapshot>,
  nowMs: () => number,
): () => Promise<StoreSnapshot> {
  let shared: { readonly taking: Promise<StoreSnapshot>; readonly atMs: number } | undefined;
  return () => {
    if (shared !== undefined && nowMs() - shared.atMs < SHARED_MS) return shared.taking;
    const mine = { taking: take(), atMs: nowMs() };
    shared = mine;
    // What failed is not shared with those who come later.
    mine.taking.catch(() => {
      if (shared === mine) shared = undefined;
    });
    return mine.taking;
  };
}
