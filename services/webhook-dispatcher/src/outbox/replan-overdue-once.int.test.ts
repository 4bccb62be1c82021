import type { EventId } from '@spillway/core';
import { createDeliveryConsumer, createDeliveryPublisher, createDeliveryStore } from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { expect, test } from 'vitest';
import { endJob, eventIdOf } from '../testing/end-job.ts';
import { MESSAGE_ATTEMPTS } from './message-attempts.ts';
import { replanOverdueOnce } from './replan-overdue-once.ts';
import { toWebhookEvent } from './to-webhook-event.ts';

const HOUR_MS = 3_600_000;

/** A pending delivery that is kept and not planned yet. */
async function openDelivery(store: TestStore) {
  const { redis, keys } = store;
  const deliveries = createDeliveryStore(redis, keys);
  const publisher = createDeliveryPublisher(redis, keys, () => undefined);
  const job = await endJob(store, undefined);
  const id = eventIdOf(job);
  const event = toWebhookEvent({ type: 'job.cancelled', subject: job, atMs: 1 });
  if (event === undefined) throw new Error('no event');
  await deliveries.create(event, { url: 'https://hooks.example.com/in' });
  return {
    id,
    publisher,
    replan: () => replanOverdueOnce({ deliveries, publisher }),
    /** As if its minute had passed. */
    makeOverdue: () => redis.zadd(`${keys.prefix}deliveries:pending`, 'XX', 1, id),
    waiting: () => redis.lrange(`${keys.queuePrefix}:deliveries:wait`, 0, -1),
    delayed: () => redis.zrange(`${keys.queuePrefix}:deliveries:delayed`, '0', '-1'),
    [Symbol.asyncDispose]: () => publisher.close(),
  };
}

test('a pending delivery whose message is gone is planned again; one whose message is there stays planned once', async () => {
  await using store = await openTestStore();
  await using delivery = await openDelivery(store);
  await delivery.replan();
  expect(await delivery.waiting(), 'it is not overdue yet').toEqual([]);
  for (const expected of [[delivery.id], [delivery.id]]) {
    await delivery.makeOverdue();
    await delivery.replan();
    expect(await delivery.waiting()).toEqual(expected);
  }
});

test('an overdue delivery whose message was put off by an hour is attempted again at once', async () => {
  await using store = await openTestStore();
  await using delivery = await openDelivery(store);
  const taken: EventId[] = [];
  await using stack = new AsyncDisposableStack();
  stack.adopt(
    createDeliveryConsumer(await store.connect(), store.keys, {
      concurrency: 1,
      // what a dispatcher does whose clock is an hour ahead
      handle: async ({ event }) => {
        taken.push(event);
        return { kind: 'again', delayMs: HOUR_MS };
      },
      onError: () => undefined,
    }),
    (open) => open.close(),
  );
  await delivery.publisher.publish([delivery.id], MESSAGE_ATTEMPTS);
  await expect.poll(delivery.delayed).toEqual([delivery.id]);
  await delivery.replan();
  expect(await delivery.delayed(), 'it is not overdue yet').toEqual([delivery.id]);
  await delivery.makeOverdue();
  await delivery.replan();
  await expect.poll(() => taken).toEqual([delivery.id, delivery.id]);
});
