import { deliveryHintSchema, type DeliveryHint } from '@spillway/contracts';
import type { EventId } from '@spillway/core';
import { ErrorCode, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { isStoreUnavailable } from '../store-unavailable.ts';

const QUEUE_NAME = 'deliveries';

export interface DeliveryPublisher {
  /** Plans the first attempt of a delivery at once; planning it again while it is planned changes nothing. */
  publish(eventIds: readonly EventId[], maxAttempts: number): Promise<void>;
  /**
   * Plans the next attempt of a delivery at once, although one may be planned for later: whoever planned that one
   * reckoned with its own clock. One that waits for a taker or is being made changes nothing.
   */
  publishOverdue(eventIds: readonly EventId[], maxAttempts: number): Promise<void>;
  close(): Promise<void>;
}

export function createDeliveryPublisher(
  redis: Redis,
  keys: Keys,
  onError: (error: Error) => void,
): DeliveryPublisher {
  const queue = new Queue(QUEUE_NAME, {
    connection: redis,
    prefix: keys.queuePrefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, backoff: { type: 'custom' } },
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', onError);
  const add = (eventIds: readonly EventId[], maxAttempts: number) =>
    queue.addBulk(
      eventIds.map((event) => ({
        name: 'delivery',
        data: { v: 1, event } satisfies DeliveryHint,
        opts: { jobId: event, attempts: maxAttempts },
      })),
    );
  return {
    publish: async (eventIds, maxAttempts) => {
      await add(eventIds, maxAttempts);
    },
    publishOverdue: async (eventIds, maxAttempts) => {
      const messages = await add(eventIds, maxAttempts);
      await Promise.all(
        messages.map((message) =>
          message.promote().catch((error: unknown) => {
            if (!isNotDelayed(error)) throw error;
          }),
        ),
      );
    },
    close: () => queue.close(),
  };
}

/** What became of one attempt: nothing more to do, or another one after `delayMs`. */
export type DeliveryTurn = { readonly kind: 'done' } | { readonly kind: 'again'; readonly delayMs: number };

export interface DeliveryConsumer {
  close(): Promise<void>;
}

/** BullMQ keeps the time between the attempts of a delivery; `handle` decides how long that is. */
export function createDeliveryConsumer(
  redis: Redis,
  keys: Keys,
  options: {
    readonly concurrency: number;
    readonly handle: (hint: DeliveryHint) => Promise<DeliveryTurn>;
    readonly onError: (error: Error) => void;
  },
): DeliveryConsumer {
  const worker = new Worker(
    QUEUE_NAME,
    async (message) => {
      const hint = deliveryHintSchema.safeParse(message.data);
      if (!hint.success) {
        options.onError(new Error(`dropped a malformed delivery hint ${message.id ?? ''}`));
        return 0;
      }
      const turn = await options.handle(hint.data);
      if (turn.kind === 'again') throw new TryAgain(turn.delayMs);
      return 0;
    },
    {
      connection: redis,
      prefix: keys.queuePrefix,
      concurrency: options.concurrency,
      // A message whose taker died, or never heard that it was given it, is taken again within 25 s: its lock runs out,
      // and the next check finds it. While the taker lives the lock is renewed, so it need not be as long as an attempt
      // may last, which is the webhook timeout. It outlives a Redis that is silent for 15 s; a longer silence costs at
      // most a second delivery of what was in flight, which receivers are told to expect.
      lockDuration: 20_000,
      lockRenewTime: 5000,
      stalledInterval: 5000,
      maxStalledCount: 100,
      // Its defaults keep the worker away for 15 s after Redis is back, and for 5 s when a wake-up got lost.
      runRetryDelay: 1000,
      drainDelay: 1,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      settings: {
        backoffStrategy: (_attempts, _type, error) => (error instanceof TryAgain ? error.delayMs : 5000),
      },
    },
  );
  // A fetch that is refused, for want of memory for instance, is tried again at once, 8,000 times a second.
  let resting: NodeJS.Timeout | undefined;
  const rest = (): void => {
    void worker.pause(true);
    resting ??= setTimeout(() => {
      resting = undefined;
      void worker.resume();
    }, REST_MS);
  };
  worker.on('error', (error) => {
    options.onError(error);
    if (isStoreUnavailable(error)) rest();
  });
  return {
    close: () => {
      clearTimeout(resting);
      return worker.close();
    },
  };
}

const REST_MS = 1000;

const isNotDelayed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState;

class TryAgain extends Error {
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`next attempt in ${delayMs} ms`);
    this.delayMs = delayMs;
  }
}
