import { createDeliveryPublisher, createDeliveryStore } from '@spillway/redis';
import { openTestStore } from '@spillway/redis/testing';
import { expect, test } from 'vitest';
import { endJob, eventIdOf } from '../testing/end-job.ts';
import { replanOverdueOnce } from './replan-overdue-once.ts';
import { toWebhookEvent } from './to-webhook-event.ts';

test('a pending delivery whose message is gone is planned again; one whose message is there stays planned once', async () => {
  await using store = await openTestStore();
  const { redis, keys } = store;
  const deliveries = createDeliveryStore(redis, keys);
  await using stack = new AsyncDisposableStack();
  const publisher = stack.adopt(
    createDeliveryPublisher(redis, keys, () => undefined),
    (open) => open.close(),
  );
  const job = await endJob(store, undefined);
  const id = eventIdOf(job);
  const event = toWebhookEvent({ type: 'job.cancelled', subject: job, atMs: 1 });
  if (event === undefined) throw new Error('no event');
  await deliveries.create(event, { url: 'https://hooks.example.com/in' });
  const planned = (): Promise<readonly string[]> =>
    redis.lrange(`${keys.queuePrefix}:deliveries:wait`, 0, -1);

  await replanOverdueOnce({ deliveries, publisher });
  expect(await planned(), 'it is not overdue yet').toEqual([]);
  for (const expected of [[id], [id]]) {
    // as if a minute had passed
    await redis.zadd(`${keys.prefix}deliveries:pending`, 'XX', 1, id);
    await replanOverdueOnce({ deliveries, publisher });
    expect(await planned()).toEqual(expected);
  }
});
