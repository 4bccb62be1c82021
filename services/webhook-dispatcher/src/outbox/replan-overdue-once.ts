import type { DeliveryPublisher, DeliveryStore } from '@spillway/redis';
import { MESSAGE_ATTEMPTS } from './message-attempts.ts';

interface ReplanDeps {
  readonly deliveries: Pick<DeliveryStore, 'takeOverdue'>;
  readonly publisher: Pick<DeliveryPublisher, 'publish'>;
}

/**
 * Plans pending deliveries again whose attempt is a minute overdue, at most a thousand. The record says what is pending,
 * the queue's message only when to look: one that was lost, because the queue gave it up after many crashes or was
 * emptied by hand, must not end a delivery. For a message that is still there this changes nothing.
 */
export async function replanOverdueOnce({ deliveries, publisher }: ReplanDeps): Promise<void> {
  const overdue = await deliveries.takeOverdue(MOST_PER_PASS);
  if (overdue.length > 0) await publisher.publish(overdue, MESSAGE_ATTEMPTS);
}

const MOST_PER_PASS = 1000;
