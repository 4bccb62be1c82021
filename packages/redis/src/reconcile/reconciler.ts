import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import type { Drift } from './drift.ts';
import { createCellWalk } from './walk-cell.ts';

/** Puts right, a little at a time, whatever stands in a cell's indices and counters and is not what the records say. */
export interface Reconciler {
  /** Looks at the next part of the cell; gives what it found wrong and repaired: nothing, in a healthy cell. */
  step(): Promise<readonly Drift[]>;
}

/** Once a second: under 1 % of one Redis (docs/decisions/2026-11-21-reconciler-by-places.md). */
const BUDGET = { scanned: 5000, looked: 500 };

/** Where it is, it keeps in memory: a new leader starts over. Two at once do no harm. */
export function createReconciler(redis: Redis, keys: Keys): Reconciler {
  const walk = createCellWalk(redis, keys, 'repair');
  return { step: async () => (await walk.advance(BUDGET)).drift };
}
