import type { EpochMs, EventId } from '@spillway/core';
import type { DeliveryPublisher, DeliveryStore, EventLog, OutboxEvent } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { DispatcherMetrics } from '../metrics.ts';
import { MESSAGE_ATTEMPTS } from './message-attempts.ts';
import { toWebhookEvent } from './to-webhook-event.ts';

export interface OutboxDeps {
  readonly log: Pick<EventLog, 'read' | 'acknowledge' | 'setAside'>;
  readonly deliveries: Pick<DeliveryStore, 'create'>;
  readonly publisher: Pick<DeliveryPublisher, 'publish'>;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: DispatcherMetrics;
}

/**
 * Takes what the outbox holds, at most 100 entries, and plans a delivery for each that somebody asked to hear of.
 * Entry by entry: keep the delivery, plan its first attempt, then let the entry go. A crash in between leaves the
 * entry, and doing it again changes nothing. Entries about nothing we know are set aside. Entries that failed stay for a
 * later pass; the first failure is thrown when the others are done.
 */
export async function runOutboxOnce(deps: OutboxDeps, waitMs: number): Promise<void> {
  const events = await deps.log.read(READ_COUNT, waitMs);
  const kept = await Promise.allSettled(events.map((event) => keepDelivery(event, deps)));
  const done = kept.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const planned = done.flatMap((each) => (each.kind === 'kept' ? [each.id] : []));
  if (planned.length > 0) await deps.publisher.publish(planned, MESSAGE_ATTEMPTS);
  const unknown = done.flatMap((each) => (each.kind === 'unknown' ? [each.event] : []));
  await deps.log.acknowledge(done.flatMap((each) => (each.kind === 'unknown' ? [] : [each.event.entry])));
  await deps.log.setAside(unknown.map(({ entry }) => entry));
  for (const { entry, subject } of unknown) {
    deps.logger.error({ event: 'outbox.entry_set_aside', entry, subject });
  }
  const failed = kept.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

const READ_COUNT = 100;

/** `unwanted`: the receiver did not ask to hear of such events; `unknown`: the subject is no id of ours. */
type Kept =
  | { readonly kind: 'kept'; readonly event: OutboxEvent; readonly id: EventId }
  | { readonly kind: 'unwanted' | 'unknown'; readonly event: OutboxEvent };

async function keepDelivery(event: OutboxEvent, deps: OutboxDeps): Promise<Kept> {
  deps.metrics.lagged(Math.max(0, deps.nowMs() - event.atMs));
  const told = toWebhookEvent(event);
  if (!told) return { kind: 'unknown', event };
  const { target } = event;
  if (target.events && !target.events.includes(told.type)) return { kind: 'unwanted', event };
  await deps.deliveries.create(told, target);
  return { kind: 'kept', event, id: told.id };
}
