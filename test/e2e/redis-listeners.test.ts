import type { WebhookEvent } from '@spillway/contracts';
import type { EventId } from '@spillway/core';
import {
  closeRedis,
  createDeliveryConsumer,
  createDeliveryPublisher,
  createDeliveryStore,
  createKeys,
  createSignals,
  isStoreUnavailable,
  openRedis,
} from '@spillway/redis';
import { describe, test, vi } from 'vitest';
import { startServer } from './redis/start-server.ts';

const keys = createKeys('listeners');
const events = ['evt_01kb3v6x8ezq4r0m5t7w9y2a4c', 'evt_01kb3v6x8ezq4r0m5t7w9y2a4d'] as EventId[];
const target = { url: 'https://hooks.example.com/in' };
const ended: Omit<WebhookEvent, 'id'> = {
  object: 'event',
  type: 'job.completed',
  created_at: 1_719_168_000,
  timestamp: '2024-06-23T18:40:00.000Z',
  data: { id: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c', object: 'job', status: 'completed' },
};

async function openServer() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer());
  const redis = stack.adopt(await openRedis(server.url, 'background', () => undefined), closeRedis);
  const open = stack.move();
  return { server, redis, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

describe.concurrent('what listens to Redis', () => {
  test('a subscription that a new connection is refused is asked for until it is given', async ({
    expect,
  }) => {
    await using opened = await openServer();
    const { server, redis } = opened;
    const heard: string[] = [];
    const signals = createSignals(redis, keys);
    await signals.onEnded((id) => heard.push(id));
    await signals.onWake(() => heard.push('wake'));
    await server.admin.acl('SETUSER', 'default', 'resetchannels');
    await server.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    const refused = async (): Promise<boolean> =>
      /cmdstat_subscribe:.*rejected_calls=[3-9]/.test(await server.admin.info('commandstats'));
    await vi.waitUntil(refused, { timeout: 10_000 });
    await server.admin.acl('SETUSER', 'default', 'allchannels');
    await vi.waitUntil(
      async () => {
        await server.admin.publish(keys.endedChannel, 'job_1');
        await server.admin.publish(keys.wakeChannel, '');
        return heard.includes('job_1') && heard.includes('wake');
      },
      { timeout: 5000 },
    );
    expect(heard.length).toBeGreaterThan(0);
  });

  test('an attempt that was made is noted by a Redis out of memory, which keeps no new delivery', async ({
    expect,
  }) => {
    await using opened = await openServer();
    const { server, redis } = opened;
    const deliveries = createDeliveryStore(redis, keys);
    const [first, second] = events.map((id): WebhookEvent => ({ ...ended, id }));
    if (first === undefined || second === undefined) throw new Error('two events');
    await deliveries.create(first, target);
    await server.admin.config('SET', 'maxmemory', 1);
    const attempt = { atMs: 1, durationMs: 1, status: 200, detail: 'HTTP 200' };
    await deliveries.recordAttempt(first.id, attempt, { state: 'delivered' });
    expect(await deliveries.read(first.id)).toMatchObject({ state: 'delivered', attempts: [attempt] });
    await expect(deliveries.create(second, target)).rejects.toSatisfy(isStoreUnavailable);
    expect(await deliveries.read(second.id)).toBeUndefined();
  });

  test('deliveries that a Redis without memory refuses to give are asked for once a second', async ({
    expect,
  }) => {
    await using opened = await openServer();
    const { server, redis } = opened;
    await using stack = new AsyncDisposableStack();
    const publisher = stack.adopt(
      createDeliveryPublisher(redis, keys, () => undefined),
      (open) => open.close(),
    );
    await publisher.publish(events, 1);
    await server.admin.config('SET', 'maxmemory', 1);
    const taken: string[] = [];
    const errors: Error[] = [];
    stack.adopt(
      createDeliveryConsumer(redis, keys, {
        concurrency: 8,
        handle: async ({ event }) => {
          taken.push(event);
          return { kind: 'done' };
        },
        onError: (error) => errors.push(error),
      }),
      (open) => open.close(),
    );
    await vi.waitUntil(() => errors.length >= 3, { timeout: 10_000 });
    const startedAtMs = performance.now();
    await vi.waitUntil(() => errors.length >= 5, { timeout: 10_000 });
    expect(performance.now() - startedAtMs).toBeGreaterThan(1500);
    await server.admin.config('SET', 'maxmemory', 0);
    await vi.waitUntil(() => taken.length === 2, { timeout: 5000 });
    expect(taken.toSorted()).toEqual(events);
  });
});
