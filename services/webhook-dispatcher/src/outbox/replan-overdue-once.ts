import type { DeliveryPublisher, DeliveryStore } from '@spillway/redis';
import { MESSAGE_ATTEMPTS } from './message-attempts.ts';

interface ReplanDeps {
  readonly deliveries: Pick<DeliveryStore, 'takeOverdue'>;
  readonly publisher: Pick<DeliveryPublisher, 'publishOverdue'>;
}

/**
 * Plans pending deliveries again whose attempt is a minute overdue, at most a thousand. The record says what is pending
 * and, by Redis' clock, when; the queue's message only when to look. One that was lost, because the queue gave it up after
 * many crashes or was emptied by hand, must not end a delivery; one that was put off by a clock that is ahead must not
 * delay it. For a message that waits for a taker, or has one, this changes nothing.
 */
export async function replanOverdueOnce({ deliveries, publisher }: ReplanDeps): Promise<void> {
  const overdue = await deliveries.takeOverdue(MOST_PER_PASS);
  if (overdue.length > 0) await publisher.publishOverdue(overdue, MESSAGE_ATTEMPTS);
}

const MOST_PER_PASS = 1000;
