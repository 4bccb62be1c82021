import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { type CellCounts, countCell } from './count-cell.ts';
import type { Drift } from './drift.ts';
import { createCellWalk } from './walk-cell.ts';

/** What a cell holds, and where its records and indices disagree. */
export interface CellAudit extends CellCounts {
  readonly drift: readonly Drift[];
}

const BUDGET = { scanned: 10_000, looked: 10_000 };

/** Looks through a whole cell, in calls as small as the reconciler's, and changes nothing. */
export function createAuditCell(redis: Redis, keys: Keys): () => Promise<CellAudit> {
  return async () => ({ ...(await countCell(redis, keys)), drift: await findDrift(redis, keys) });
}

async function findDrift(redis: Redis, keys: Keys): Promise<readonly Drift[]> {
  const walk = createCellWalk(redis, keys, 'look');
  // A scan may come by the same key twice, and many jobs may miss the same worker.
  const found = new Map<string, Drift>();
  for (let passed = false; !passed;) {
    const walked = await walk.advance(BUDGET);
    for (const drift of walked.drift) found.set(`${drift.kind} ${drift.subject}`, drift);
    passed = walked.passed;
  }
  return [...found.values()];
}
