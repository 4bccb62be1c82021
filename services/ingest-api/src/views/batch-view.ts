import type { DocumentBatchBody, DocumentResult } from '@spillway/contracts';
import { isJsonObject, type JsonObject } from '@spillway/core';
import type { BatchRecord, JobRecord, StoredItem } from '@spillway/redis';
import { instant, toUsageBody } from './job-view.ts';

export function toBatchBody(record: BatchRecord): DocumentBatchBody {
  const path = `/v1/document-batches/${record.id}`;
  return {
    id: record.id,
    object: 'document_batch',
    status: record.status,
    model: record.description.model,
    created_at: instant(record.createdAtMs),
    completed_at: record.completedAtMs === undefined ? null : instant(record.completedAtMs),
    document_counts: record.counts,
    metadata: record.description.metadata,
    status_url: path,
    results_url: `${path}/results`,
  };
}

/** Counts only rise, so their sum and the status tell one state of a batch from the next. */
export const batchEtagOf = ({ counts, status }: BatchRecord): string =>
  `"${status}-${counts.completed + counts.failed + counts.cancelled + counts.expired}-${counts.total}"`;

/** The line of one document; undefined while its job has not ended. */
export function toDocumentResult(
  item: StoredItem,
  job: JobRecord | undefined,
  trigger: string | undefined,
): DocumentResult | undefined {
  const { document, sha256 } = item;
  const nothing = { output: null, usage: null, served_by: null, why: null, seconds: null } as const;
  if (item.error !== undefined) {
    return { document, sha256, job_id: null, status: 'failed', ...nothing, error: { ...item.error } };
  }
  if (job === undefined) {
    const error = { code: 'forgotten', detail: 'the result was kept for its time and then deleted' };
    return { document, sha256, job_id: item.job ?? null, status: 'expired', ...nothing, error };
  }
  const { state } = job;
  if (state === 'queued' || state === 'dispatched' || state === 'running') return undefined;
  const finishedAtMs = job.finishedAtMs ?? job.createdAtMs;
  return {
    document,
    sha256,
    job_id: job.id,
    status: state,
    output: job.result === undefined ? null : outputOf(job.result.body),
    usage: job.usage === undefined ? null : toUsageBody(job.usage),
    served_by: job.servedBy ?? null,
    why: job.servedBy === undefined ? null : whyThere(job, trigger),
    seconds: (finishedAtMs - job.createdAtMs) / 1000,
    error: job.error ?? null,
  };
}

/** Where a document ran and why, in about three words. */
function whyThere(job: JobRecord, trigger: string | undefined): string {
  if (job.lane.pinned) {
    return job.description.findings.length > 0
      ? `pinned: ${job.description.findings.join(', ')}`
      : 'pinned on request';
  }
  if (job.servedBy?.location === 'local') return 'local had room';
  return trigger === 'overflow' ? 'local queue full' : 'cloud asked for';
}

/** The text of a chat completion. */
function outputOf(body: JsonObject): string | null {
  const choices = body['choices'];
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = isJsonObject(first) ? first['message'] : undefined;
  const content = isJsonObject(message) ? message['content'] : undefined;
  return typeof content === 'string' ? content : null;
}
