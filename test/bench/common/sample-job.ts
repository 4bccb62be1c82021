import type { CreateJobInput, JobBody } from '@spillway/contracts';
import type { JobId } from '@spillway/core';

export const SAMPLE_MODEL = 'bench';

const SENTENCE =
  'The parcel left the depot at noon, crossed the river before dusk and was signed for by the porter the next day. ';

/** A submission of about a kilobyte, as a client sends it who says nothing but what must be said. */
export const SAMPLE_JOB = {
  class: 'standard',
  request: {
    model: SAMPLE_MODEL,
    max_tokens: 64,
    temperature: 0.2,
    messages: [
      { role: 'system', content: 'You summarise delivery notes in one sentence.' },
      { role: 'user', content: SENTENCE.repeat(7) },
    ],
  },
} as const satisfies CreateJobInput;

/** What the platform answers to it, for servers that have no job to show. */
export const SAMPLE_ANSWER: JobBody = {
  id: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c' as JobId,
  object: 'job',
  status: 'queued',
  endpoint: '/v1/chat/completions',
  model: SAMPLE_MODEL,
  class: 'standard',
  privacy: { pinned: false, findings: [] },
  batch_id: null,
  metadata: null,
  created_at: '2026-01-01T00:00:00.000Z',
  deadline_at: '2026-01-01T00:05:00.000Z',
  started_at: null,
  finished_at: null,
  queue_position: 1,
  estimated_finish_at: '2026-01-01T00:00:02.000Z',
  attempts: [],
  served_by: null,
  result: null,
  usage: null,
  error: null,
  status_url: '/v1/jobs/job_01kb3v6x8ezq4r0m5t7w9y2a4c',
  cancel_url: '/v1/jobs/job_01kb3v6x8ezq4r0m5t7w9y2a4c/cancel',
  decisions_url: '/v1/jobs/job_01kb3v6x8ezq4r0m5t7w9y2a4c/decisions',
};
