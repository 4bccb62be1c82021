import {
  PROBLEMS,
  type DocumentBatchBody,
  type JobBody,
  type ProblemCode,
  type SeenDocumentResult,
} from '@spillway/contracts';
import { idFromUuid } from '@spillway/core';
import type { Reply } from './serve.ts';

const AT = '2030-01-01T12:00:00.000Z';

/** A well-formed job, queued, with the differences given; for tests. */
export function sampleJob(changes: Partial<JobBody> = {}): JobBody {
  const id = changes.id ?? idFromUuid('JobId', '01990000-0000-7000-8000-000000000001');
  return {
    id,
    object: 'job',
    status: 'queued',
    endpoint: '/v1/chat/completions',
    model: 'auto',
    class: 'standard',
    privacy: { pinned: false, findings: [] },
    batch_id: null,
    metadata: null,
    created_at: AT,
    deadline_at: '2030-01-02T12:00:00.000Z',
    started_at: null,
    finished_at: null,
    queue_position: 1,
    estimated_finish_at: null,
    attempts: [],
    served_by: null,
    result: null,
    usage: null,
    error: null,
    status_url: `/v1/jobs/${id}`,
    cancel_url: `/v1/jobs/${id}/cancel`,
    decisions_url: `/v1/jobs/${id}/decisions`,
    ...changes,
  };
}

/** The same job, completed with `text` on a simulated local backend. */
export const completedJob = (text: string, changes: Partial<JobBody> = {}): JobBody =>
  sampleJob({
    status: 'completed',
    queue_position: null,
    started_at: AT,
    finished_at: '2030-01-01T12:00:01.500Z',
    served_by: { backend: 'gpu-0', location: 'local', model: 'small-8b', simulated: true },
    result: {
      status_code: 200,
      body: { choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] },
    },
    usage: sampleUsage(),
    ...changes,
  });

/** A batch with the differences given; counts are of two documents. */
export function sampleBatch(changes: Partial<DocumentBatchBody> = {}): DocumentBatchBody {
  const id = changes.id ?? idFromUuid('BatchId', '01990000-0000-7000-8000-000000000002');
  return {
    id,
    object: 'document_batch',
    status: 'in_progress',
    paused: false,
    model: 'auto',
    created_at: AT,
    expires_at: '2030-01-02T12:00:00.000Z',
    completed_at: null,
    estimated_finish_at: null,
    documents_per_second: null,
    document_counts: { total: 2, completed: 0, failed: 0, cancelled: 0, expired: 0 },
    usage: sampleUsage(),
    metadata: null,
    output_file_id: null,
    retry_of: null,
    status_url: `/v1/document-batches/${id}`,
    results_url: `/v1/document-batches/${id}/results`,
    events_url: `/v1/document-batches/${id}/events`,
    cancel_url: `/v1/document-batches/${id}/cancel`,
    ...changes,
  };
}

/** A completed document with the differences given. */
export const sampleResult = (changes: Partial<SeenDocumentResult> = {}): SeenDocumentResult => ({
  index: 0,
  document: 'a.txt',
  sha256: 'a'.repeat(64),
  pages: null,
  chunks: 1,
  status: 'completed',
  output: 'a summary',
  usage: sampleUsage(),
  served_by: { backend: 'gpu-0', location: 'local', model: 'small-8b', simulated: true },
  why: 'local had room',
  seconds: 1.5,
  error: null,
  seq: 0,
  ...changes,
});

/** A problem as the platform answers it. */
export const problem = (
  code: ProblemCode,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status: PROBLEMS[code].status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: { type: 'about:blank', title: PROBLEMS[code].title, status: PROBLEMS[code].status, code, detail },
});

const sampleUsage = () => ({
  input_tokens: 100,
  cached_input_tokens: 0,
  output_tokens: 20,
  cost_usd: 0,
  energy_joules: null,
});
