import type { BatchStore } from '@spillway/redis';
import { createLogger } from '@spillway/service-kit';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sampleBatch } from './batch-record.fixtures.ts';
import { createPlaces } from './places.ts';
import { streamEvents } from './stream-events.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Listens to a batch in which nothing happens. */
async function listen(lastEventId?: string) {
  const record = sampleBatch();
  const batches = { one: async () => record } as Partial<BatchStore> as BatchStore;
  const logger = createLogger('ingest-api', { level: 'info', write: () => undefined });
  const app = new Hono().get('/', (context) =>
    streamEvents(context, { batches, places: createPlaces(1), logger }, record, ({ id }) => ({ id })),
  );
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const { body } = await app.request('/', { headers });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  return { record, read: async () => (await reader?.read())?.value, leave: async () => reader?.cancel() };
}

test('a silent batch is heard of every 15 seconds, so that no proxy takes the stream for dead', async () => {
  const { record, read, leave } = await listen();
  expect(await read()).toBe(`event: batch\nid: ${record.version}\ndata: {"id":"${record.id}"}\n\n`);
  const startedAtMs = performance.now();
  const next = read();
  await vi.advanceTimersByTimeAsync(15_500);
  expect(await next).toBe(': nothing new\n\n');
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(15_000);
  await leave();
});

test('who knows the batch as it is hears at once that the stream is open', async () => {
  const { record } = await listen();
  const { read, leave } = await listen(String(record.version));
  expect(await read()).toBe(': nothing new\n\n');
  await leave();
});

test.each(['x', '-1', '1e3', '99999999999999999999'])(
  'an id that is none, %s, is none',
  async (lastEventId) => {
    const { read, leave } = await listen(lastEventId);
    expect(await read()).toContain('event: batch');
    await leave();
  },
);
