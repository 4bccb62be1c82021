import type { BatchObject } from '@spillway/contracts';
import type { BatchStatus, EpochMs } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';
import { estimateFinish } from '../batches/estimate-finish.ts';

/** A batch of the OpenAI face as the wire shows it. Throws on one without an input file: it is of another face. */
export function toBatchObject(record: BatchRecord, nowMs: EpochMs): BatchObject {
  const { description, counts, usage } = record;
  const { inputFileId } = description;
  if (inputFileId === undefined) throw new Error(`${record.id} has no input file`);
  const endedAs = (status: BatchStatus): number | null =>
    record.status === status ? seconds(record.endedAtMs) : null;
  return {
    id: record.id,
    object: 'batch',
    endpoint: description.endpoint,
    model: record.model ?? null,
    errors: record.mistakes.length === 0 ? null : { object: 'list', data: [...record.mistakes] },
    input_file_id: inputFileId,
    completion_window: description.completionWindow,
    status: record.status,
    output_file_id: record.outputFileId ?? null,
    error_file_id: record.errorFileId ?? null,
    created_at: Math.floor(record.createdAtMs / 1000),
    in_progress_at: seconds(record.inProgressAtMs),
    expires_at: Math.floor(record.expiresAtMs / 1000),
    finalizing_at: seconds(record.finalizingAtMs),
    completed_at: endedAs('completed'),
    failed_at: endedAs('failed'),
    expired_at: endedAs('expired'),
    cancelling_at: seconds(record.cancellingAtMs),
    cancelled_at: endedAs('cancelled'),
    request_counts: {
      total: counts.total,
      completed: counts.completed,
      failed: counts.failed + counts.cancelled + counts.expired,
    },
    usage: {
      input_tokens: usage.inputTokens,
      input_tokens_details: { cached_tokens: usage.cachedInputTokens },
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
    metadata: description.metadata,
    paused: record.paused,
    lines_per_second: record.linesPerSecond ?? null,
    estimated_finish_at: seconds(estimateFinish(record, nowMs)),
    retry_of: description.retryOf ?? null,
  };
}

const seconds = (atMs: EpochMs | undefined): number | null =>
  atMs === undefined ? null : Math.floor(atMs / 1000);
