/** The states of a batch, under the names OpenAI gave them: every face shows them or what they come to. */
export const BATCH_STATUSES = [
  'validating',
  'in_progress',
  'finalizing',
  'cancelling',
  'completed',
  'failed',
  'expired',
  'cancelled',
] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

const ENDED: readonly BatchStatus[] = ['completed', 'failed', 'expired', 'cancelled'];

/** Whether nothing will change any more. */
export const hasBatchEnded = (status: BatchStatus): boolean => ENDED.includes(status);
