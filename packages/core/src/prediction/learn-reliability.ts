/** Shares of a backend's attempts, 0 to 1: those that succeeded, and those that took too long. */
export interface Reliability {
  readonly succeeded: number;
  readonly timedOut: number;
}

/** How an attempt ended, as far as its backend is to blame: what was cancelled or asked wrongly is no attempt of it. */
export type AttemptEnd = 'succeeded' | 'timed-out' | 'failed';

/** A backend that nothing is known of is trusted. */
export const TRUSTED: Reliability = { succeeded: 1, timedOut: 0 };

/** What the latest attempt counts for: half is forgotten after 34 attempts, and one failure costs 2 %. */
const LATEST = 0.02;

/** The shares after one more attempt: exponentially weighted means. */
export const learnReliability = ({ succeeded, timedOut }: Reliability, end: AttemptEnd): Reliability => ({
  succeeded: succeeded + LATEST * (Number(end === 'succeeded') - succeeded),
  timedOut: timedOut + LATEST * (Number(end === 'timed-out') - timedOut),
});
