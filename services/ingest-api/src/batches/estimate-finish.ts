import type { EpochMs } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

/**
 * When a batch will have ended if it goes on as of late, at the latest when its window does; undefined while nothing can
 * be said: before its first lines have ended, paused, and once nothing is left to run.
 */
export function estimateFinish(
  { status, paused, counts, linesPerSecond, expiresAtMs }: BatchRecord,
  nowMs: EpochMs,
): EpochMs | undefined {
  if (status !== 'in_progress' || paused || linesPerSecond === undefined || linesPerSecond <= 0)
    return undefined;
  const left = counts.total - counts.completed - counts.failed - counts.cancelled - counts.expired;
  return Math.min(nowMs + Math.ceil((left / linesPerSecond) * 1000), expiresAtMs);
}
