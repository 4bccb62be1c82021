import type { EventType, WebhookEvent } from '@spillway/contracts';
import { parseId } from '@spillway/core';
import type { OutboxEvent } from '@spillway/redis';

/**
 * The event that tells of an entry. Its id is made of its subject's: what ends exactly once has exactly one event,
 * however often its entry is read. Undefined when the subject is no id of ours.
 */
export function toWebhookEvent({
  type,
  subject,
  atMs,
}: Pick<OutboxEvent, 'type' | 'subject' | 'atMs'>): WebhookEvent | undefined {
  const id = parseId('EventId', `evt_${subject.slice(subject.indexOf('_') + 1)}`);
  if (!id.ok) return undefined;
  return {
    id: id.value,
    object: 'event',
    type,
    created_at: Math.floor(atMs / 1000),
    timestamp: new Date(atMs).toISOString(),
    data: { id: subject, ...ENDED[type] },
  };
}

const ENDED = {
  'job.completed': { object: 'job', status: 'completed' },
  'job.failed': { object: 'job', status: 'failed' },
  'job.cancelled': { object: 'job', status: 'cancelled' },
  'job.expired': { object: 'job', status: 'expired' },
  'document_batch.completed': { object: 'document_batch', status: 'completed' },
} as const satisfies Record<EventType, { object: 'job' | 'document_batch'; status: string }>;
