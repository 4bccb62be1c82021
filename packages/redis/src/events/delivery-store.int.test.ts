import type { WebhookEvent, WebhookTarget } from '@spillway/contracts';
import type { EventId } from '@spillway/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createDeliveryStore, type DeliveryAttempt } from './delivery-store.ts';

const id = 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c' as EventId;
const event: WebhookEvent = {
  id,
  object: 'event',
  type: 'job.completed',
  created_at: 1_719_168_000,
  timestamp: '2024-06-23T18:40:00.000Z',
  data: { id: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c', object: 'job', status: 'completed' },
};
const target: WebhookTarget = { url: 'https://hooks.example.com/in' };
const refused: DeliveryAttempt = { atMs: 1, durationMs: 5, status: 500, detail: 'HTTP 500' };
const taken: DeliveryAttempt = { atMs: 9, durationMs: 5, status: 200, detail: 'HTTP 200' };

const pendingKey = ({ keys }: TestStore): string => `${keys.prefix}deliveries:pending`;

/** As if so much time had passed. */
const makeOverdue = (store: TestStore): Promise<unknown> => store.redis.zadd(pendingKey(store), 'XX', 1, id);

test('an attempt whose record is sent twice, because its answer got lost, counts once', async () => {
  await using store = await openTestStore();
  const deliveries = createDeliveryStore(store.redis, store.keys);
  await deliveries.create(event, target);
  const again = { state: 'pending', delayMs: 0 } as const;
  await deliveries.recordAttempt(id, refused, again);
  await deliveries.recordAttempt(id, refused, again);
  await deliveries.recordAttempt(id, taken, { state: 'delivered' });
  await deliveries.recordAttempt(id, taken, { state: 'delivered' });
  expect(await deliveries.read(id)).toEqual({
    event,
    target,
    state: 'delivered',
    attempts: [refused, taken],
  });
});

test('what has ended stays ended: neither a late attempt nor its event read again opens it', async () => {
  await using store = await openTestStore();
  const deliveries = createDeliveryStore(store.redis, store.keys);
  await deliveries.create(event, target);
  await deliveries.recordAttempt(id, taken, { state: 'delivered' });
  await deliveries.recordAttempt(id, refused, { state: 'pending', delayMs: 0 });
  await deliveries.create(event, target);
  expect(await deliveries.read(id)).toMatchObject({ state: 'delivered', attempts: [taken, refused] });
  expect(await store.redis.zcard(pendingKey(store))).toBe(0);
});

test('a pending delivery is overdue a minute after its next attempt was due, and is given once a minute', async () => {
  await using store = await openTestStore();
  const deliveries = createDeliveryStore(store.redis, store.keys);
  await deliveries.create(event, target);
  expect(await deliveries.takeOverdue(10)).toEqual([]);
  await deliveries.recordAttempt(id, refused, { state: 'pending', delayMs: -61_000 });
  expect(await deliveries.takeOverdue(10)).toEqual([id]);
  expect(await deliveries.takeOverdue(10)).toEqual([]);
  await makeOverdue(store);
  expect(await deliveries.takeOverdue(10)).toEqual([id]);
});

test("when a delivery is overdue is told by Redis' clock, whatever the clock of its dispatcher says", async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  await using store = await openTestStore();
  const deliveries = createDeliveryStore(store.redis, store.keys);
  await deliveries.create(event, target);
  await deliveries.recordAttempt(id, refused, { state: 'pending', delayMs: 5000.2 });
  const [seconds] = await store.redis.time();
  const overdueInMs = Number(await store.redis.zscore(pendingKey(store), id)) - Number(seconds) * 1000;
  expect(overdueInMs).toBeGreaterThan(60_000);
  expect(overdueInMs).toBeLessThan(70_000);
});

test('a delivery that is kept no more is let go', async () => {
  await using store = await openTestStore();
  const deliveries = createDeliveryStore(store.redis, store.keys);
  await deliveries.create(event, target);
  await makeOverdue(store);
  await store.redis.del(store.keys.delivery(id));
  expect(await deliveries.takeOverdue(10)).toEqual([]);
  expect(await store.redis.zcard(pendingKey(store))).toBe(0);
  await deliveries.recordAttempt(id, taken, { state: 'delivered' });
  expect(await deliveries.read(id)).toBeUndefined();
});
