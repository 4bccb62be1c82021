import { type BatchId, idFromUuid, type JobId, type LineOutcome, type TenantId } from '@spillway/core';

export const BATCH_ID: BatchId = idFromUuid('BatchId', '01890a5d-ac96-774b-bcce-b302099a8057');
export const JOB_ID: JobId = idFromUuid('JobId', '01890a5d-ac96-774b-bcce-b302099a8058');
export const TENANT = 'acme' as TenantId;

/** A line that completed, but for what a test changes. */
export const outcomeOf = (changes: Partial<LineOutcome> = {}): LineOutcome => ({
  line: 6,
  customId: 'r-7',
  outcome: 'completed',
  jobId: JOB_ID,
  statusCode: 200,
  body: { choices: [] },
  error: undefined,
  usage: { inputTokens: 10, cachedInputTokens: 4, outputTokens: 20, costMicroUsd: 1500 },
  servedBy: { backend: 'gpu-0', location: 'local', model: 'house-model', simulated: true },
  attempts: 1,
  why: 'local had room',
  endedAtMs: 1_790_000_000_000,
  tookMs: 1250,
  document: undefined,
  ...changes,
});

export const failedOutcome = (code: string, changes: Partial<LineOutcome> = {}): LineOutcome =>
  outcomeOf({
    outcome: 'failed',
    statusCode: undefined,
    body: undefined,
    usage: undefined,
    error: { code, detail: 'the reason' },
    ...changes,
  });
