import { createHash } from 'node:crypto';
import type { EventType, WebhookEvent } from '@spillway/contracts';
import { type EventId, idFromUuid, parseId } from '@spillway/core';
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
  const id = eventIdOf(type, subject);
  if (id === undefined) return undefined;
  const [object = '', status = ''] = type.split('.');
  return {
    id,
    object: 'event',
    type,
    created_at: Math.floor(atMs / 1000),
    timestamp: new Date(atMs).toISOString(),
    data: { id: subject, object, status },
  };
}

/** The end of a subject has the id of the subject; what came before its end another one, as fixed as that. */
function eventIdOf(type: EventType, subject: string): EventId | undefined {
  const ending = parseId('EventId', `evt_${subject.slice(subject.indexOf('_') + 1)}`);
  if (!ending.ok) return undefined;
  if (!type.endsWith('.in_progress')) return ending.value;
  return idFromUuid('EventId', createHash('sha256').update(`${type} ${subject}`).digest('hex').slice(0, 32));
}
