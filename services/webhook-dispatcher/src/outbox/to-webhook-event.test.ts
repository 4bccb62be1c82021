import { EVENT_TYPES, webhookEventSchema } from '@spillway/contracts';
import { expect, test } from 'vitest';
import { toWebhookEvent } from './to-webhook-event.ts';

const ENTRY = {
  type: 'job.failed',
  subject: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c',
  atMs: 1_719_168_000_999,
} as const;

test("an entry becomes OpenAI's envelope with the timestamp of Standard Webhooks beside it", () => {
  expect(toWebhookEvent(ENTRY)).toEqual({
    id: 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c',
    object: 'event',
    type: 'job.failed',
    created_at: 1_719_168_000,
    timestamp: '2024-06-23T18:40:00.999Z',
    data: { id: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c', object: 'job', status: 'failed' },
  });
});

test.each(EVENT_TYPES)('%s keeps to the wire contract, its status as its type says', (type) => {
  const subject = type.startsWith('job.') ? ENTRY.subject : 'batch_01kb3v6x8ezq4r0m5t7w9y2a4c';
  const event = toWebhookEvent({ ...ENTRY, type, subject });
  expect(webhookEventSchema.parse(event)).toEqual(event);
  expect(event?.data).toEqual({ id: subject, object: type.split('.')[0], status: type.split('.')[1] });
});

test.each(['', 'job_', 'job_1', 'nothing'])('the subject %j makes no event', (subject) => {
  expect(toWebhookEvent({ ...ENTRY, subject })).toBeUndefined();
});
