import { wait } from './wait.ts';

/** A failed run of a periodic task; `suppressed` counts the failures since the last report that were not reported. */
export interface TaskFailure {
  readonly error: unknown;
  readonly suppressed: number;
}

/**
 * Runs a task now and then every `intervalMs` until the signal aborts, never two runs at once and without catching
 * up on missed runs. A failing run is reported, at most every ten seconds, and the next one comes as usual. Resolves
 * when the last run has ended; the task gets the signal to end early.
 */
export async function every(
  intervalMs: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<void> | void,
  onError: (failure: TaskFailure) => void,
): Promise<void> {
  const report = limitReports(onError);
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    try {
      await task(signal);
    } catch (error) {
      // an abort makes the task fail by design
      if (!signal.aborted) report(error);
    }
    await wait(Math.max(0, startedAtMs + intervalMs - performance.now()), signal);
  }
}

const REPORT_EVERY_MS = 10_000;

/** Reports the first error at once, and then at most one every ten seconds with the number of those left out. */
export function limitReports(onError: (failure: TaskFailure) => void): (error: unknown) => void {
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  let suppressed = 0;
  return (error) => {
    if (performance.now() - reportedAtMs < REPORT_EVERY_MS) {
      suppressed += 1;
      return;
    }
    reportedAtMs = performance.now();
    onError({ error, suppressed });
    suppressed = 0;
  };
}
