import type { AttemptOutcome, FailureReason } from '@spillway/core';

/**
 * Runs one call to a vendor under its signal. A fired signal outranks whatever error it caused; an error that
 * `toFailure` does not know is a bug and goes on as a rejection.
 */
export async function runCall(
  signal: AbortSignal,
  call: () => Promise<AttemptOutcome>,
  toFailure: (error: unknown) => FailureReason | undefined,
): Promise<AttemptOutcome> {
  if (signal.aborted) return { kind: 'aborted' };
  try {
    return await call();
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' };
    const reason = toFailure(error);
    if (reason === undefined) throw error;
    return { kind: 'failed', reason };
  }
}
