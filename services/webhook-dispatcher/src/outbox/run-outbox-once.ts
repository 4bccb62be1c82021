import type { EpochMs, EventId } from '@spillway/core';
import type { DeliveryPublisher, DeliveryStore, EventLog, OutboxEvent } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { DispatcherMetrics } from '../metrics.ts';
import { MESSAGE_ATTEMPTS } from './message-attempts.ts';
import { toWebhookEvent } from './to-webhook-event.ts';

export interface OutboxDeps {
  readonly log: Pick<EventLog, 'read' | 'acknowledge'>;
  readonly deliveries: Pick<DeliveryStore, 'create'>;
  readonly publisher: Pick<DeliveryPublisher, 'publish'>;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: DispatcherMetrics;
}

/**
 * Takes what the outbox holds, at most 100 entries, and plans a delivery for each that somebody asked to hear of.
 * Entry by entry: keep the delivery, plan its first attempt, then let the entry go. A crash in between leaves the
 * entry, and doing it again changes nothing. Entries that failed stay for a later pass; the first failure is thrown
 * when the others are done.
 */
export async function runOutboxOnce(deps: OutboxDeps, waitMs: number): Promise<void> {
  const events = await deps.log.read(READ_COUNT, waitMs);
  const kept = await Promise.allSettled(events.map((event) => keepDelivery(event, deps)));
  const planned = kept.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []));
  if (planned.length > 0) await deps.publisher.publish(planned, MESSAGE_ATTEMPTS);
  await deps.log.acknowledge(
    events.filter((_event, index) => kept[index]?.status === 'fulfilled').map(({ entry }) => entry),
  );
  const failed = kept.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

const READ_COUNT = 100;

/** Undefined when the receiver did not ask to hear of such events. */
async function keepDelivery(entry: OutboxEvent, deps: OutboxDeps): Promise<EventId | undefined> {
  deps.metrics.lagged(Math.max(0, deps.nowMs() - entry.atMs));
  const event = toWebhookEvent(entry);
  if (!event) {
    deps.logger.error({ event: 'outbox.entry_malformed', entry: entry.entry, subject: entry.subject });
    return undefined;
  }
  const { target } = entry;
  if (target.events && !target.events.includes(event.type)) return undefined;
  await deps.deliveries.create(event, target);
  return event.id;
}
