import type { JobId } from '@spillway/core';
import type { Claim, Lease } from '@spillway/redis';
import type { StopCause } from './settlement.ts';

interface Running {
  readonly lease: Lease;
  readonly stop: AbortController;
}

/** The attempts a worker runs now, and the ways to stop them. */
export interface RunningAttempts {
  /** Registers a claimed attempt and arms its clocks; dispose it when the attempt has ended. */
  begin(claim: Claim): { readonly signal: AbortSignal; stopped(): StopCause | undefined } & Disposable;
  leases(): readonly Lease[];
  /** Stops the job's attempt; with a fence, only the attempt of that lease. */
  stop(jobId: JobId, cause: StopCause, fence?: number): void;
  stopAll(cause: StopCause): void;
}

export function createRunningAttempts(): RunningAttempts {
  const running = new Map<JobId, Running>();
  const stop = ({ stop: controller }: Running, cause: StopCause): void => {
    // The first cause counts: a timeout during a drain is a timeout.
    if (!controller.signal.aborted) controller.abort(cause);
  };
  return {
    begin: (claim) => {
      const entry: Running = { lease: claim.lease, stop: new AbortController() };
      // A new lease of a job means that an earlier one is lost.
      const before = running.get(claim.lease.jobId);
      if (before) stop(before, 'lease-lost');
      running.set(claim.lease.jobId, entry);
      // Lengths, not instants: both ends come from Redis' clock, so this machine's may be wrong.
      const untilDeadlineMs = Math.max(0, claim.deadlineAtMs - claim.startedAtMs);
      const limitMs = Math.min(untilDeadlineMs, claim.attemptTimeoutMs);
      const timer = setTimeout(
        () => stop(entry, untilDeadlineMs <= claim.attemptTimeoutMs ? 'deadline' : 'attempt-timeout'),
        Math.min(limitMs, LONGEST_TIMER_MS),
      );
      return {
        signal: entry.stop.signal,
        stopped: () => (entry.stop.signal.aborted ? (entry.stop.signal.reason as StopCause) : undefined),
        [Symbol.dispose]: () => {
          clearTimeout(timer);
          if (running.get(claim.lease.jobId) === entry) running.delete(claim.lease.jobId);
        },
      };
    },
    leases: () => [...running.values()].map(({ lease }) => lease),
    stop: (jobId, cause, fence) => {
      const entry = running.get(jobId);
      if (entry && (fence === undefined || entry.lease.fence === fence)) stop(entry, cause);
    },
    stopAll: (cause) => {
      for (const entry of running.values()) stop(entry, cause);
    },
  };
}

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
