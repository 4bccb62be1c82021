import { type DocumentBatchBody, storedDocumentOptionsSchema } from '@spillway/contracts';
import type { EpochMs } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';
import { estimateFinish } from '../batches/estimate-finish.ts';
import { instant, toUsageBody } from '../views/job-view.ts';

/** A document batch as the wire shows it. */
export function toDocumentBatch(record: BatchRecord, nowMs: EpochMs): DocumentBatchBody {
  const { description, counts } = record;
  const { model, documents } = storedDocumentOptionsSchema.parse(description.options);
  const path = `/v1/document-batches/${record.id}`;
  const finishAtMs = estimateFinish(record, nowMs);
  return {
    id: record.id,
    object: 'document_batch',
    status: record.status,
    paused: record.paused,
    model,
    created_at: instant(record.createdAtMs),
    expires_at: instant(record.expiresAtMs),
    completed_at: record.endedAtMs === undefined ? null : instant(record.endedAtMs),
    estimated_finish_at: finishAtMs === undefined ? null : instant(finishAtMs),
    documents_per_second: record.linesPerSecond ?? null,
    // Counted when it was sent: before the store has, and whatever ends it before.
    document_counts: { ...counts, total: documents },
    usage: toUsageBody(record.usage),
    metadata: description.metadata,
    output_file_id: record.outputFileId ?? null,
    retry_of: description.retryOf ?? null,
    status_url: path,
    results_url: `${path}/results`,
    events_url: `${path}/events`,
    cancel_url: `${path}/cancel`,
  };
}

/** Another one after every change of the batch. */
export const etagOf = ({ version }: BatchRecord): string => `"${version}"`;
