import type { EpochMs, LineOutcome } from '@spillway/core';

/** The outcome of a line that never became a job. */
export const failedLine = (
  line: number,
  customId: string,
  { code, detail }: { readonly code: string; readonly detail: string },
  nowMs: EpochMs,
): LineOutcome => ({
  line,
  customId,
  outcome: 'failed',
  jobId: undefined,
  statusCode: undefined,
  body: undefined,
  error: { code, detail },
  usage: undefined,
  servedBy: undefined,
  attempts: 0,
  why: undefined,
  endedAtMs: nowMs,
  tookMs: undefined,
  document: undefined,
});
