import type { DeliverySchedule } from '@spillway/core';
import {
  createDeliveryConsumer,
  createDeliveryPublisher,
  createDeliveryStore,
  isStoreUnavailable,
  type Keys,
  openEventLog,
  type Redis,
} from '@spillway/redis';
import { every, type Logger, wait } from '@spillway/service-kit';
import { shareReceivers } from './delivery/share-receivers.ts';
import { createTakeTurn } from './delivery/take-turn.ts';
import { createWebhookClient, type WebhookClientOptions } from './delivery/webhook-client.ts';
import type { DispatcherMetrics } from './metrics.ts';
import { runOutboxOnce } from './outbox/run-outbox-once.ts';
import { replanOverdueOnce } from './outbox/replan-overdue-once.ts';

export interface DispatcherOptions extends WebhookClientOptions {
  readonly redis: Redis;
  /** A connection used for nothing else: reading the outbox blocks it. */
  readonly outbox: Redis;
  readonly keys: Keys;
  /** This process among those that read the outbox. */
  readonly consumer: string;
  readonly platformSecret: string;
  readonly schedule: DeliverySchedule;
  readonly logger: Logger;
  readonly metrics: DispatcherMetrics;
}

export interface Dispatcher {
  /** Reads nothing more, lets attempts in flight end for ten seconds, then cuts them off; another process makes them. */
  drain(): Promise<void>;
}

/** Receivers are waited for most of the time, so many attempts fit in one process. */
const CONCURRENCY = 64;
/** Of them at one receiver: eight that all time out leave the others more than their share. */
const MOST_PER_RECEIVER = 8;
/** A dispatcher that has held an entry this long has died with it: plans take milliseconds. */
const IDLE_IS_DEAD_MS = 5000;
const READ_WAIT_MS = 1000;
/** Between the starts of two passes, so that a Redis which refuses is not asked in a tight loop. */
const PASS_INTERVAL_MS = 20;
/** How often deliveries are looked for whose message the queue lost. */
const REPLAN_INTERVAL_MS = 60_000;
/** How often consumers of the outbox that died are forgotten, and how long they have been silent by then. */
const FORGET_INTERVAL_MS = 3_600_000;
const SILENT_CONSUMER_MS = 3_600_000;
const DRAIN_MS = 10_000;
/** For the goodbyes to Redis after the drain. */
const FAREWELL_MS = 1500;

/** Moves events from the outbox into deliveries, and deliveries to their receivers, until it is drained. */
export async function startDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { redis, keys, logger, metrics } = options;
  const nowMs = Date.now;
  // a Redis that is away is reported by whoever opened the connection, not by each of its users too
  const onError = (error: unknown): void => {
    if (!isStoreUnavailable(error)) logger.error({ event: 'delivery_queue.failed', err: error });
  };
  const deliveries = createDeliveryStore(redis, keys);
  const publisher = createDeliveryPublisher(redis, keys, onError);
  const client = createWebhookClient(options);
  const log = await openEventLog(options.outbox, keys, {
    consumer: options.consumer,
    idleIsDeadMs: IDLE_IS_DEAD_MS,
    onMalformed: (entry) => logger.error({ event: 'outbox.entry_set_aside', entry }),
  });
  if (log.putBack > 0) logger.info({ event: 'outbox.entries_put_back', count: log.putBack });
  const stop = new AbortController();
  const cut = new AbortController();

  const takePlace = shareReceivers(MOST_PER_RECEIVER);
  const takeTurn = createTakeTurn({
    ...options,
    deliveries,
    client,
    takePlace,
    nowMs,
    monotonicMs: () => performance.now(),
    random: Math.random,
  });
  const consumer = createDeliveryConsumer(redis, keys, {
    concurrency: CONCURRENCY,
    handle: (hint) =>
      takeTurn(hint, cut.signal).catch((error: unknown) => {
        // the queue keeps the message and brings it again, but says nothing
        logger.error({ event: 'delivery.turn_failed', eventId: hint.event, err: error });
        throw error;
      }),
    onError,
  });
  const repeat = (
    intervalMs: number,
    event: `${string}.${string}`,
    task: () => Promise<void>,
  ): Promise<void> =>
    every(intervalMs, stop.signal, task, ({ error, suppressed }) =>
      logger.error({ event, err: error, suppressed }),
    );
  const running = [
    repeat(PASS_INTERVAL_MS, 'outbox.pass_failed', () =>
      runOutboxOnce({ log, deliveries, publisher, nowMs, logger, metrics }, READ_WAIT_MS),
    ),
    repeat(REPLAN_INTERVAL_MS, 'delivery.replan_failed', () => replanOverdueOnce({ deliveries, publisher })),
    repeat(FORGET_INTERVAL_MS, 'outbox.forget_failed', async () => {
      const consumers = await log.removeIdleConsumers(SILENT_CONSUMER_MS);
      if (consumers.length > 0) logger.info({ event: 'outbox.consumers_forgotten', consumers });
    }),
  ];

  const end = async (): Promise<void> => {
    await Promise.all([...running, consumer.close()]);
    await Promise.all([publisher.close(), client.close()]);
  };
  return {
    drain: async () => {
      stop.abort();
      const ended = new AbortController();
      const bound = wait(DRAIN_MS, ended.signal).then(() => {
        cut.abort();
        return wait(FAREWELL_MS, ended.signal);
      });
      await Promise.race([end(), bound]);
      ended.abort();
    },
  };
}
