import type { JobId } from '@spillway/core';

/** Lets requests wait for the end of a job without asking the store again and again. */
export interface EndedJobs {
  /** Tells whoever waits for this job. */
  notify(id: JobId): void;
  /** Resolves when the job is said to have ended, after `ms`, or when the client goes away; the record is the truth. */
  wait(id: JobId, ms: number, signal: AbortSignal): Promise<void>;
}

export function createEndedJobs(): EndedJobs {
  const waiting = new Map<JobId, Set<() => void>>();
  return {
    notify: (id) => {
      for (const resume of waiting.get(id) ?? []) resume();
    },
    wait: (id, ms, signal) =>
      new Promise((resolve) => {
        const set = waiting.get(id) ?? new Set();
        waiting.set(id, set);
        const resume = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', resume);
          set.delete(resume);
          if (set.size === 0) waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(resume, ms);
        signal.addEventListener('abort', resume, { once: true });
        set.add(resume);
        if (signal.aborted) resume();
      }),
  };
}
