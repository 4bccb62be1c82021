import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { JobId } from '@spillway/core';
import { describe, inject, test } from 'vitest';
import { closeRedis, type ConnectionRole, openRedis } from './connection.ts';
import { openEventLog } from './events/event-log.ts';
import { createSignals } from './events/signals.ts';
import { createKeys } from './keys.ts';
import { createDeliveryConsumer, createDeliveryPublisher } from './queue/delivery-queue.ts';
import { isStoreUnavailable } from './store-unavailable.ts';
import { openFaultyNetwork } from './testing/open-faulty-network.ts';
import { openTestStore } from './testing/open-test-store.ts';

/** What watchConnection promises. */
const REPLACED_WITHIN_MS = 7000;

async function openBehindNetwork(role: ConnectionRole) {
  await using stack = new AsyncDisposableStack();
  const network = stack.use(await openFaultyNetwork(inject('redisUrl')));
  const errors: Error[] = [];
  const redis = stack.adopt(await openRedis(network.url, role, (error) => errors.push(error)), closeRedis);
  const open = stack.move();
  return { network, redis, errors, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** What a promise gives, if it does in time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const startedAtMs = performance.now();
  const value = await promise;
  const tookMs = performance.now() - startedAtMs;
  if (tookMs > ms) throw new Error(`settled after ${tookMs} ms, more than ${ms} ms`);
  return value;
}

describe.concurrent('a connection that went silent is replaced within seven seconds', () => {
  test('a call of the background is answered over the new one', async ({ expect }) => {
    await using behind = await openBehindNetwork('background');
    const { network, redis, errors } = behind;
    network.silence();
    const value = await within(REPLACED_WITHIN_MS, redis.echo('hello'));
    expect(value).toBe('hello');
    expect(errors.every(isStoreUnavailable)).toBe(true);
  });

  test('a call of a request fails or is answered, and the next one works', async ({ expect }) => {
    await using behind = await openBehindNetwork('request');
    const { network, redis } = behind;
    network.silence();
    const outcome = await within(
      REPLACED_WITHIN_MS,
      redis.echo('hello').catch((error: unknown) => error),
    );
    expect(outcome === 'hello' || isStoreUnavailable(outcome)).toBe(true);
    await expect.poll(() => redis.status, { timeout: REPLACED_WITHIN_MS }).toBe('ready');
    expect(await redis.echo('again')).toBe('again');
  });

  test('a read of the outbox that blocks settles, and the entry that came meanwhile is read', async ({
    expect,
  }) => {
    await using store = await openTestStore();
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    const log = await openEventLog(redis, store.keys, {
      consumer: 'one',
      idleIsDeadMs: 1000,
      onMalformed: () => undefined,
    });
    network.silence();
    const reading = log.read(10, 1000);
    await store.redis.xadd(
      store.keys.events,
      '*',
      'type',
      'job.failed',
      'subject',
      'job_1',
      'at_ms',
      '1',
      'target',
      '{"url":"https://hooks.example.com/in"}',
    );
    const events = await within(REPLACED_WITHIN_MS + 1000, reading);
    expect(events).toMatchObject([{ subject: 'job_1' }]);
  });

  test('a subscription hears again what is published, although nothing was ever sent on it', async ({
    expect,
  }) => {
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    const keys = createKeys(`test-${randomUUID()}`);
    const heard: JobId[] = [];
    await createSignals(redis, keys).onEnded((id) => heard.push(id));
    network.silence();
    await using other = await openTestStore();
    await expect
      .poll(
        async () => {
          await other.redis.publish(keys.endedChannel, 'job_1');
          return heard.length;
        },
        { timeout: REPLACED_WITHIN_MS, interval: 100 },
      )
      .toBeGreaterThan(0);
  });

  test('deliveries are taken again, with the blocking connection the queue opened for itself silent, too', async ({
    expect,
  }) => {
    await using store = await openTestStore();
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    const taken: string[] = [];
    const consumer = createDeliveryConsumer(redis, store.keys, {
      concurrency: 2,
      handle: async ({ event }) => {
        taken.push(event);
        return { kind: 'done' };
      },
      onError: () => undefined,
    });
    const publisher = createDeliveryPublisher(store.redis, store.keys, () => undefined);
    await using queue = new AsyncDisposableStack();
    queue.defer(() => consumer.close());
    queue.defer(() => publisher.close());
    const ids = ['evt_01kb3v6x8ezq4r0m5t7w9y2a4c', 'evt_01kb3v6x8ezq4r0m5t7w9y2a4d'] as const;
    await publisher.publish([ids[0] as never], 1);
    await expect.poll(() => taken, { timeout: 5000 }).toEqual([ids[0]]);
    network.silence();
    await publisher.publish([ids[1] as never], 1);
    await expect.poll(() => taken, { timeout: 15_000 }).toEqual(ids);
  });
});

describe.concurrent('a connection is left alone', () => {
  test('while Redis answers nobody: the call waits, and is made once when it answers again', async ({
    expect,
  }) => {
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    // the whole network is gone: neither this connection nor a new one is answered
    network.silence();
    network.setDeaf(true);
    const before = redis.stream;
    const waiting = redis.echo('hello');
    // looks: at 4 s the first suspicion, at 7 s another one
    await expect.poll(() => network.accepted(), { timeout: 12_000 }).toBeGreaterThanOrEqual(3);
    expect(redis.stream).toBe(before);
    network.setDeaf(false);
    expect(await waiting).toBe('hello');
    expect(redis.stream).not.toBe(before);
  });

  test('while reads block on it, one after the other, each for a second', async ({ expect }) => {
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    // each read is sent when the one before has settled, as the outbox is read
    for (let read = 0; read < 5; read += 1) await redis.blpop(`nothing:${randomUUID()}`, 1);
    expect(network.accepted()).toBe(1);
  });

  test('while replies arrive, however long its own sign of life waits behind other calls', async ({
    expect,
  }) => {
    await using behind = await openBehindNetwork('background');
    const { network, redis } = behind;
    await Promise.all(Array.from({ length: 6 }, () => redis.blpop(`nothing:${randomUUID()}`, 1)));
    expect(network.accepted()).toBe(1);
  });
});

test.concurrent('who takes the connection and never answers is given up after ten seconds, and the next one is tried', async ({
  expect,
}) => {
  await using behind = await openBehindNetwork('background');
  const { network, redis } = behind;
  network.setDeaf(true);
  network.moveTo(inject('redisUrl'), 'cut');
  const waiting = redis.echo('hello');
  await expect.poll(() => network.accepted()).toBe(2);
  network.setDeaf(false);
  const value = await within(13_000, waiting);
  expect(value).toBe('hello');
}, 20_000);

test.concurrent('a Redis that never answers is given up when the connection is opened, without its password in the error', async ({
  expect,
  onTestFinished,
}) => {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const opening = openRedis(`redis://:s3cret@127.0.0.1:${port}`, 'background', () => undefined);
  await expect(opening).rejects.toThrow(`no answer from Redis at redis://127.0.0.1:${port} within 10 s`);
});
