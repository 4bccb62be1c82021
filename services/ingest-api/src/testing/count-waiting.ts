import type { EndedJobs } from '../http/ended-jobs.ts';

export interface CountedEndedJobs extends EndedJobs {
  /** Resolves when so many waits are open. */
  until(count: number): Promise<void>;
}

/** The same waits, counted. */
export function countWaiting(ended: EndedJobs): CountedEndedJobs {
  let waiting = 0;
  const looks = new Set<() => void>();
  const change = (by: number): void => {
    waiting += by;
    for (const look of looks) look();
  };
  return {
    notify: (id) => ended.notify(id),
    wait: async (id, ms, signal) => {
      change(1);
      await ended.wait(id, ms, signal);
      change(-1);
    },
    until: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (waiting !== count) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
  };
}
