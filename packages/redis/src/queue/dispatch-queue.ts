import { randomUUID } from 'node:crypto';
import { dispatchHintSchema, type DispatchHint } from '@spillway/contracts';
import type { BackendId } from '@spillway/core';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import type { Dispatch } from '../scheduling/commit-plan.ts';

/**
 * One short BullMQ queue a backend: it carries hints to whichever worker is free. In BullMQ's words a dispatched job
 * is waiting and a running one active; its states end there, ours are in the job record.
 */
const queueName = (backendId: BackendId): string => `dispatch-${backendId}`;

export interface DispatchPublisher {
  /** Publishes the hints of new dispatches; publishing one twice changes nothing. */
  publish(dispatches: readonly Dispatch[]): Promise<void>;
  /**
   * Publishes hints that nobody acted on, under new names: the old one may be in the hands of a worker that died
   * between taking it and claiming its job, and BullMQ would keep it there for as long as its lock lasts.
   */
  publishAgain(dispatches: readonly Dispatch[]): Promise<void>;
  close(): Promise<void>;
}

export function createDispatchPublisher(
  redis: Redis,
  keys: Keys,
  onError: (error: Error) => void,
): DispatchPublisher {
  const queues = new Map<BackendId, Queue>();
  const queueOf = (backendId: BackendId): Queue => {
    const known = queues.get(backendId);
    if (known) return known;
    const queue = new Queue(queueName(backendId), {
      connection: redis,
      prefix: keys.queuePrefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', onError);
    queues.set(backendId, queue);
    return queue;
  };
  const add = async (
    dispatches: readonly Dispatch[],
    nameOf: (dispatch: Dispatch) => string,
  ): Promise<void> => {
    const byBackend = Map.groupBy(dispatches, (dispatch) => dispatch.backendId);
    await Promise.all(
      [...byBackend].map(([backendId, group]) =>
        queueOf(backendId).addBulk(
          group.map((dispatch) => ({
            name: 'hint',
            data: { v: 1, job: dispatch.jobId, fence: dispatch.fence } satisfies DispatchHint,
            opts: { jobId: nameOf(dispatch) },
          })),
        ),
      ),
    );
  };
  return {
    publish: (dispatches) => add(dispatches, ({ jobId, fence }) => `${jobId}.${fence}`),
    publishAgain: (dispatches) => add(dispatches, ({ jobId, fence }) => `${jobId}.${fence}.${randomUUID()}`),
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

export interface DispatchConsumer {
  setConcurrency(slots: number): void;
  /** Takes no further hint; resolves when none is being handled. */
  close(): Promise<void>;
}

/**
 * Hands each hint to `handle`, at most `concurrency` at once. `handle` settles the job itself and does not reject:
 * BullMQ's own retries are not used, a hint that dies with its worker is replaced by the rescue.
 */
export function createDispatchConsumer(
  redis: Redis,
  keys: Keys,
  options: {
    readonly backendId: BackendId;
    readonly concurrency: number;
    readonly handle: (hint: DispatchHint) => Promise<void>;
    readonly onError: (error: Error) => void;
  },
): DispatchConsumer {
  const worker = new Worker(
    queueName(options.backendId),
    async (message) => {
      const hint = dispatchHintSchema.safeParse(message.data);
      if (hint.success) await options.handle(hint.data);
      else options.onError(new Error(`dropped a malformed dispatch hint ${message.id ?? ''}`));
      return 0;
    },
    {
      connection: redis,
      prefix: keys.queuePrefix,
      concurrency: options.concurrency,
      // Longer than an outage of Redis worth riding out; our own lease, not this lock, protects the job (QUEUE §4).
      lockDuration: 60_000,
      stalledInterval: 30_000,
      maxStalledCount: 100,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', options.onError);
  return {
    setConcurrency: (slots) => {
      worker.concurrency = slots;
    },
    close: () => worker.close(),
  };
}
