import { EVENT_TYPES, type EventType } from '@spillway/contracts';
import type { BatchStatus } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

/** The event that tells of a batch's new status; undefined for a status nobody is told of. */
export function eventOf({ description }: BatchRecord, status: BatchStatus): EventType | undefined {
  const subject = description.face === 'documents' ? 'document_batch' : 'batch';
  return EVENT_TYPES.find((type) => type === `${subject}.${status}`);
}
