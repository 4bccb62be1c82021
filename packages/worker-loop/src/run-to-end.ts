import type { AttemptOutcome } from '@spillway/core';

/** How an adapter broke its promise: it threw, or it went on after it was told to stop. */
export type Breach =
  | { readonly kind: 'rejected'; readonly error: unknown }
  | { readonly kind: 'ignored-abort'; readonly afterMs: number };

/** An adapter that still works on an aborted attempt after this long is left behind. */
const LEAVE_BEHIND_AFTER_MS = 1000;

/**
 * Runs one attempt so that it always ends: a rejection becomes a failure that may be tried again, and an adapter that
 * does not hear the signal is left behind after a second. Either is a bug, told to `onBreach`; neither costs the slot.
 */
export function runToEnd(
  run: (signal: AbortSignal) => Promise<AttemptOutcome>,
  signal: AbortSignal,
  onBreach: (breach: Breach) => void,
): Promise<AttemptOutcome> {
  const attempt = async (): Promise<AttemptOutcome> => {
    try {
      return await run(signal);
    } catch (error) {
      onBreach({ kind: 'rejected', error });
      return signal.aborted ? { kind: 'aborted' } : ADAPTER_FAILED;
    }
  };
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(() => {
        onBreach({ kind: 'ignored-abort', afterMs: LEAVE_BEHIND_AFTER_MS });
        resolve({ kind: 'aborted' });
      }, LEAVE_BEHIND_AFTER_MS);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    attempt()
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      })
      .then(resolve, reject);
  });
}

const ADAPTER_FAILED: AttemptOutcome = {
  kind: 'failed',
  reason: { kind: 'backend-error', detail: 'the backend adapter failed' },
};
