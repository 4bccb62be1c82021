/** Many wake-ups, one answer: whoever waits is woken once, and a wake-up that comes while nobody waits is kept. */
export interface WakeUp {
  wake(): void;
  /** Resolves at the next wake-up, or after `longestMs`, or when the signal aborts. */
  next(longestMs: number, signal: AbortSignal): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let pending = false;
  let resume: (() => void) | undefined;
  return {
    wake: () => {
      pending = true;
      resume?.();
    },
    next: async (longestMs, signal) => {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longestMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', resume, { once: true });
        });
        if (resume) signal.removeEventListener('abort', resume);
        resume = undefined;
      }
      pending = false;
    },
  };
}
