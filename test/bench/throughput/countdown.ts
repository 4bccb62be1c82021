/** Counts ends of jobs down to none left. */
export interface Countdown {
  /** Resolves after so many ticks from now on. */
  from(count: number): Promise<void>;
  tick(): void;
}

export function createCountdown(): Countdown {
  let left = 0;
  let done: (() => void) | undefined;
  return {
    from: (count) =>
      new Promise((resolve) => {
        left = count;
        done = resolve;
      }),
    tick: () => {
      left -= 1;
      if (left === 0) done?.();
    },
  };
}
