import { newWebhookSecret, signWebhook } from '@spillway/webhook-signing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Receipt } from '../history/history.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = newWebhookSecret();
let receiver: WebhookReceiver;
let receipts: Receipt[];

beforeEach(async () => {
  receipts = [];
  receiver = await startWebhookReceiver((_key, receipt) => receipts.push(receipt));
});
afterEach(() => receiver.close());

async function deliver(key: string, secret = SECRET, offSeconds = 0): Promise<number> {
  const body = JSON.stringify({
    id: 'evt_1',
    type: 'job.completed',
    data: { id: 'job_1', status: 'completed' },
  });
  const timestampSeconds = Math.floor(Date.now() / 1000) + offSeconds;
  const headers = signWebhook({ id: 'evt_1', timestampSeconds, body, secrets: [secret] });
  const answer = await fetch(receiver.urlOf(key), { method: 'POST', body, headers: { ...headers } });
  return answer.status;
}

test('it takes a delivery and notes whose it is', async () => {
  receiver.expect('a', SECRET, 'good');
  expect(await deliver('a')).toBe(204);
  expect(receipts).toEqual([
    {
      eventId: 'evt_1',
      subjectId: 'job_1',
      type: 'job.completed',
      status: 'completed',
      signature: 'good',
      skewSeconds: expect.closeTo(0, -1) as number,
      answered: 204,
    },
  ]);
});

test('it refuses or drops the first delivery when it should, and takes the second', async () => {
  receiver.expect('a', SECRET, 'fails-first');
  receiver.expect('b', SECRET, 'drops-first');
  expect([await deliver('a'), await deliver('a')]).toEqual([500, 204]);
  await expect(deliver('b')).rejects.toThrow('fetch failed');
  expect(await deliver('b')).toBe(204);
  expect(receipts.map(({ answered }) => answered)).toEqual([500, 204, 0, 204]);
});

test('a signature with another secret is bad; one of a clock that is off is good, and how far off is noted', async () => {
  receiver.expect('a', SECRET, 'good');
  await deliver('a', newWebhookSecret());
  await deliver('a', SECRET, 3_600);
  await deliver('a', newWebhookSecret(), 3_600);
  expect(receipts.map(({ signature }) => signature)).toEqual(['bad', 'good', 'bad']);
  expect(receipts.map(({ skewSeconds }) => skewSeconds > 3_000)).toEqual([false, true, true]);
});

test('whoever waits for one event hears of the first that is well signed', async () => {
  const arrived = receiver.expectOnce('a', SECRET);
  await deliver('a', newWebhookSecret());
  const before = Date.now();
  await deliver('a');
  expect(await arrived).toBeGreaterThanOrEqual(before);
});
