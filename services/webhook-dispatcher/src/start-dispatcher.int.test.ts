import type { DeliverySchedule } from '@spillway/core';
import { createDeliveryPublisher, createDeliveryStore } from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { newWebhookSecret } from '@spillway/webhook-signing';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startDispatcher } from './start-dispatcher.ts';
import { endJob, eventIdOf } from './testing/end-job.ts';
import { followLog } from './testing/follow-log.ts';
import { NO_METRICS } from './testing/no-metrics.ts';
import { type Answer, answerStatus, openReceiver } from './testing/open-receiver.ts';
import { LOCAL, rulesOf } from './testing/rules-of.ts';

const QUICKLY: DeliverySchedule = [0, 20, 20];
const ATTEMPTED = 'delivery.attempted';

const platformSecret = newWebhookSecret();

async function openDispatcher(store: TestStore, rules = rulesOf(LOCAL), schedule = QUICKLY) {
  const log = followLog();
  const dispatcher = await startDispatcher({
    redis: await store.connect(),
    outbox: await store.connect(),
    keys: store.keys,
    consumer: 'one',
    rules: () => rules,
    userAgent: 'Spillway/1 (webhooks)',
    platformSecret,
    schedule,
    logger: log.logger,
    metrics: NO_METRICS,
  });
  return {
    log,
    deliveries: createDeliveryStore(store.redis, store.keys),
    drain: () => dispatcher.drain(),
    [Symbol.asyncDispose]: () => dispatcher.drain(),
  };
}

const inTurn =
  (...statuses: number[]): Answer =>
  (response, count) =>
    response.writeHead(statuses[count - 1] ?? 200).end();

describe('the dispatcher', () => {
  test("delivers a job's end once, signed with the secret its client chose", async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await using dispatcher = await openDispatcher(store);
    const secret = newWebhookSecret();
    const job = await endJob(store, { url: receiver.url, secret });
    const [line] = await dispatcher.log.first(1, ATTEMPTED);
    expect(line).toMatchObject({
      eventId: eventIdOf(job),
      type: 'job.cancelled',
      host: `127.0.0.1:${receiver.port}`,
      status: 200,
      attempt: 1,
      outcome: 'delivered',
    });
    const [post] = receiver.posts;
    expect(post?.headers['webhook-id']).toBe(eventIdOf(job));
    expect(
      new Webhook(secret).verify(post?.body ?? '', post?.headers as Record<string, string>),
    ).toMatchObject({
      id: eventIdOf(job),
      object: 'event',
      type: 'job.cancelled',
      data: { id: job, object: 'job', status: 'cancelled' },
    });
    expect(await dispatcher.deliveries.read(eventIdOf(job))).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 200, detail: 'HTTP 200' }],
    });
    expect(receiver.posts).toHaveLength(1);
    expect(dispatcher.log.text()).not.toContain(secret);
  });

  test("signs with the platform's secret where the client chose none", async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await using dispatcher = await openDispatcher(store);
    await endJob(store, { url: receiver.url });
    await dispatcher.log.first(1, ATTEMPTED);
    const [post] = receiver.posts;
    const headers = post?.headers as Record<string, string>;
    expect(new Webhook(platformSecret).verify(post?.body ?? '', headers)).toMatchObject({ object: 'event' });
  });

  test('an event reaches its receiver within a second', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await using dispatcher = await openDispatcher(store);
    const startedAtMs = performance.now();
    await endJob(store, { url: receiver.url });
    await dispatcher.log.first(1, ATTEMPTED);
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  test('a receiver that fails is tried again until it takes the same event with the same id', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(inTurn(500, 302, 200));
    await using dispatcher = await openDispatcher(store);
    const job = await endJob(store, { url: receiver.url });
    const lines = await dispatcher.log.first(3, ATTEMPTED);
    expect(lines.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'again'],
      [2, 'again'],
      [3, 'delivered'],
    ]);
    expect(new Set(receiver.posts.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.posts.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([eventIdOf(job)]),
    );
    for (const { body, headers } of receiver.posts) {
      expect(new Webhook(platformSecret).verify(body, headers as Record<string, string>)).toBeDefined();
    }
    expect(await dispatcher.deliveries.read(eventIdOf(job))).toMatchObject({
      state: 'delivered',
      attempts: [
        { detail: 'HTTP 500' },
        { detail: 'HTTP 302, redirects are not followed' },
        { detail: 'HTTP 200' },
      ],
    });
  });

  test('a delivery that used up its schedule is dead and is sent no more', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(500));
    await using dispatcher = await openDispatcher(store);
    const job = await endJob(store, { url: receiver.url });
    const lines = await dispatcher.log.first(3, ATTEMPTED);
    expect(lines.at(-1)).toMatchObject({ attempt: 3, outcome: 'dead' });
    expect(await dispatcher.deliveries.read(eventIdOf(job))).toMatchObject({ state: 'dead' });
    await dispatcher.drain();
    expect(receiver.posts).toHaveLength(3);
  });

  test('410 ends a delivery at its first attempt', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(410));
    await using dispatcher = await openDispatcher(store);
    const job = await endJob(store, { url: receiver.url });
    await dispatcher.log.first(1, ATTEMPTED);
    expect(await dispatcher.deliveries.read(eventIdOf(job))).toMatchObject({
      state: 'dead',
      attempts: [{ status: 410, detail: 'HTTP 410, the endpoint is gone' }],
    });
  });

  test('a receiver on a private address is refused, once, and sees nothing', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await using dispatcher = await openDispatcher(store, rulesOf({ allow_ports: 'any' }));
    const job = await endJob(store, { url: `http://localhost:${receiver.port}/` });
    await dispatcher.log.first(1, ATTEMPTED);
    const delivery = await dispatcher.deliveries.read(eventIdOf(job));
    expect(delivery).toMatchObject({ state: 'dead', attempts: [{ detail: 'refused: address not allowed' }] });
    expect(receiver.posts).toEqual([]);
  });

  test('a delivery that is planned again after its end is not sent again', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await using dispatcher = await openDispatcher(store);
    const job = await endJob(store, { url: receiver.url });
    await dispatcher.log.first(1, ATTEMPTED);
    const publisher = createDeliveryPublisher(await store.connect(), store.keys, () => undefined);
    await publisher.publish([eventIdOf(job)], 1);
    // behind it in the same queue, so the turn before has been taken when this one is made
    await endJob(store, { url: receiver.url });
    await dispatcher.log.first(2, ATTEMPTED);
    await publisher.close();
    await dispatcher.drain();
    expect(receiver.posts).toHaveLength(2);
    expect((await dispatcher.deliveries.read(eventIdOf(job)))?.attempts).toHaveLength(1);
  });

  test('a dispatcher whose clock is an hour ahead delays no attempt by an hour', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(inTurn(500, 200));
    const { redis, keys } = store;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const ahead = await openDispatcher(store, rulesOf(LOCAL), [0, 60_000]);
    const job = await endJob(store, { url: receiver.url });
    await ahead.log.first(1, ATTEMPTED);
    await expect.poll(() => redis.zcard(`${keys.queuePrefix}:deliveries:delayed`)).toBe(1);
    await ahead.drain();
    vi.useRealTimers();
    // as if the minute until the attempt and the one after it had passed, by Redis' clock
    const passedMs = 2 * 60_000 * 1.1;
    await redis.zincrby(`${keys.prefix}deliveries:pending`, -passedMs, eventIdOf(job));
    await using right = await openDispatcher(store, rulesOf(LOCAL), [0, 60_000]);
    expect(await right.log.first(1, ATTEMPTED)).toMatchObject([{ attempt: 2, outcome: 'delivered' }]);
  });

  test('what stood aside is put back when a dispatcher starts', async () => {
    await using store = await openTestStore();
    await using receiver = await openReceiver(answerStatus(200));
    await endJob(store, { url: receiver.url });
    await store.redis.rename(store.keys.events, store.keys.eventsAside);
    await using dispatcher = await openDispatcher(store);
    expect(await dispatcher.log.first(1, 'outbox.entries_put_back')).toMatchObject([{ count: 1 }]);
    expect(await dispatcher.log.first(1, ATTEMPTED)).toMatchObject([{ outcome: 'delivered' }]);
  });

  test('draining lets the attempt in flight end and be recorded', async () => {
    await using store = await openTestStore();
    const arrived = Promise.withResolvers<() => void>();
    await using receiver = await openReceiver((response) => arrived.resolve(() => void response.end()));
    await using dispatcher = await openDispatcher(store);
    const job = await endJob(store, { url: receiver.url });
    const answer = await arrived.promise;
    const drained = dispatcher.drain();
    answer();
    await drained;
    expect(await dispatcher.deliveries.read(eventIdOf(job))).toMatchObject({ state: 'delivered' });
  });
});
