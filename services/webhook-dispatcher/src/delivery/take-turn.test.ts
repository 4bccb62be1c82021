import type { WebhookEvent, WebhookTarget } from '@spillway/contracts';
import { DELIVERY_SCHEDULE, type EventId } from '@spillway/core';
import type { DeliveryAfter, DeliveryAttempt, DeliveryRecord, DeliveryTurn } from '@spillway/redis';
import { newWebhookSecret } from '@spillway/webhook-signing';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { followLog } from '../testing/follow-log.ts';
import { createTakeTurn } from './take-turn.ts';
import { shareReceivers, type TakePlace } from './share-receivers.ts';
import type { PostOutcome, WebhookPost } from './webhook-client.ts';

const id = 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c' as EventId;
const hint = { v: 1, event: id } as const;
const never = new AbortController().signal;
const secret = newWebhookSecret();
const event: WebhookEvent = {
  id,
  object: 'event',
  type: 'job.completed',
  created_at: 1_719_168_000,
  timestamp: '2024-06-23T18:40:00.000Z',
  data: { id: 'job_01kb3v6x8ezq4r0m5t7w9y2a4c', object: 'job', status: 'completed' },
};
const target: WebhookTarget = { url: 'https://hooks.example.com/in?token=in-the-url', secret };
const failed: DeliveryAttempt = { atMs: 0, durationMs: 1, status: 500, detail: 'HTTP 500' };

/** One delivery in memory, a receiver that answers as told, and a clock that moves 30 ms during an attempt. */
function openTurn(
  outcome: PostOutcome,
  record: Partial<DeliveryRecord> | 'gone' = {},
  takePlace: TakePlace = shareReceivers(1),
) {
  const stored: DeliveryRecord | undefined =
    record === 'gone' ? undefined : { event, target, attempts: [], state: 'pending', ...record };
  const recorded: [DeliveryAttempt, DeliveryAfter][] = [];
  const refusals: Error[] = [];
  const later: Error[] = [];
  const posts: WebhookPost[] = [];
  const measured: unknown[] = [];
  const log = followLog();
  const nowMs = Date.now();
  const instants = [1000.25, 1030.5];
  const takeTurn = createTakeTurn({
    deliveries: {
      read: async () => {
        if (refusals.length > 0) throw refusals.shift();
        return stored;
      },
      recordAttempt: async (_id, attempt, after) => {
        if (refusals.length > 0) throw refusals.shift();
        recorded.push([attempt, after]);
      },
    },
    client: {
      post: async (post) => {
        posts.push(post);
        refusals.push(...later.splice(0));
        return outcome;
      },
    },
    takePlace,
    platformSecret: newWebhookSecret(),
    schedule: DELIVERY_SCHEDULE,
    nowMs: () => nowMs,
    monotonicMs: () => instants.shift() ?? Number.NaN,
    random: () => 0.5,
    logger: log.logger,
    metrics: { attempted: (...values) => void measured.push(values), lagged: () => undefined },
  });
  return {
    take: (): Promise<DeliveryTurn> => takeTurn(hint, never),
    /** The next calls to the store fail with these. */
    refuse: (...errors: Error[]) => refusals.push(...errors),
    refuseAfterPost: (...errors: Error[]) => later.push(...errors),
    recorded,
    posts,
    measured,
    log,
    nowMs,
  };
}

const answered = (status: number): PostOutcome => ({ kind: 'answered', status, retryAfterMs: undefined });

test("an attempt is signed at its own time, with the event's id, over the bytes that are sent", async () => {
  const turn = openTurn(answered(200), { attempts: [failed, failed] });
  await turn.take();
  const [post] = turn.posts;
  expect(post?.body).toBe(JSON.stringify(event));
  expect(post?.headers).toMatchObject({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(turn.nowMs / 1000)),
  });
  expect(new Webhook(secret).verify(post?.body ?? '', post?.headers ?? {})).toEqual(event);
});

test('each attempt is recorded, measured and logged once, without secret and URL', async () => {
  const turn = openTurn(answered(503), { attempts: [failed] });
  expect(await turn.take()).toEqual({ kind: 'again', delayMs: 300_000 });
  expect(turn.recorded).toEqual([
    [
      { atMs: turn.nowMs, durationMs: 30, status: 503, detail: 'HTTP 503' },
      { state: 'pending', delayMs: 300_000 },
    ],
  ]);
  expect(turn.measured).toEqual([['again', 30]]);
  expect(await turn.log.first(1, 'delivery.attempted')).toMatchObject([
    {
      eventId: id,
      type: 'job.completed',
      host: 'hooks.example.com',
      status: 503,
      durationMs: 30,
      attempt: 2,
      outcome: 'again',
    },
  ]);
  const everything = turn.log.text() + JSON.stringify(turn.recorded);
  expect(everything).not.toContain(secret);
  expect(everything).not.toContain('in-the-url');
});

test.each([
  [answered(200), 'delivered'],
  [answered(410), 'dead'],
  [{ kind: 'refused', because: 'address' }, 'dead'],
] as const)('after %o the delivery is over', async (outcome, state) => {
  const turn = openTurn(outcome);
  expect(await turn.take()).toEqual({ kind: 'done' });
  expect(turn.recorded.map(([, after]) => after)).toEqual([{ state }]);
});

test.each(['delivered', 'dead'] as const)('a delivery that is %s is not attempted again', async (state) => {
  const turn = openTurn(answered(200), { state });
  expect(await turn.take()).toEqual({ kind: 'done' });
  expect(turn.posts).toEqual([]);
  expect(turn.recorded).toEqual([]);
});

test('a delivery whose record has expired is let go, and the log says so', async () => {
  const turn = openTurn(answered(200), 'gone');
  expect(await turn.take()).toEqual({ kind: 'done' });
  expect(turn.posts).toEqual([]);
  expect(await turn.log.first(1, 'delivery.gone')).toMatchObject([{ eventId: id }]);
});

test('a post cut off by the end of the process is no attempt: it comes again soon', async () => {
  const turn = openTurn({ kind: 'cut-off' });
  expect(await turn.take()).toEqual({ kind: 'again', delayMs: 1000 });
  expect(turn.recorded).toEqual([]);
  expect(turn.measured).toEqual([]);
});

test('a receiver that has its share of attempts is left alone for a moment, and that is no attempt', async () => {
  const turn = openTurn(answered(200), {}, () => ({
    kind: 'busy',
    waitMs: 250,
    [Symbol.dispose]: () => undefined,
  }));
  expect(await turn.take()).toEqual({ kind: 'again', delayMs: 375 });
  expect([turn.posts, turn.recorded]).toEqual([[], []]);
});

test('a store that refuses for a while is asked again: the post is made once, and noted', async () => {
  const turn = openTurn(answered(200));
  const busy = new Error('BUSY Redis is busy running a script.');
  turn.refuse(busy);
  turn.refuseAfterPost(busy, busy);
  expect(await turn.take()).toEqual({ kind: 'done' });
  expect(turn.posts).toHaveLength(1);
  expect(turn.recorded.map(([, after]) => after)).toEqual([{ state: 'delivered' }]);
});

test('what is no refusal of the store is not asked again', async () => {
  const turn = openTurn(answered(200));
  turn.refuse(new Error('WRONGTYPE'));
  await expect(turn.take()).rejects.toThrow('WRONGTYPE');
  expect(turn.posts).toEqual([]);
});
