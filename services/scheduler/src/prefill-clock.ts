import type { Assignment, BackendId, EpochMs } from '@spillway/core';
import type { Dispatch } from '@spillway/redis';

/** Until when each local engine computes the prompts it was given, by the predictions of the plans that gave them. */
export interface PrefillClock {
  readonly busyUntilMs: (backendId: BackendId) => EpochMs | undefined;
  note(assignments: readonly Assignment[], dispatched: readonly Dispatch[]): void;
}

export function createPrefillClock(): PrefillClock {
  const busyUntilMs = new Map<BackendId, EpochMs>();
  return {
    busyUntilMs: (backendId) => busyUntilMs.get(backendId),
    note: (assignments, dispatched) => {
      const given = new Set(dispatched.map(({ jobId }) => jobId));
      for (const { job, backendId, location, prediction } of assignments) {
        if (location !== 'local' || !given.has(job.id)) continue;
        const prefilledAtMs = prediction.finishAtMs - prediction.decodeMs;
        busyUntilMs.set(backendId, Math.max(prefilledAtMs, busyUntilMs.get(backendId) ?? 0));
      }
    },
  };
}
