import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { createClient, type SpillwayClient } from './create-client.ts';
import { sampleBatch, sampleResult, serve, type TestServer } from './testing/index.ts';

const BATCH = sampleBatch();
const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(
  ...[handle]: Parameters<typeof serve>
): Promise<{ client: SpillwayClient; server: TestServer }> {
  const server = await serve(handle);
  open.push(server);
  return { server, client: createClient({ url: server.url, apiKey: 'k', retry: { baseMs: 1, capMs: 1 } }) };
}

const line = (document: string): string => `${JSON.stringify(sampleResult({ document }))}\n`;

test('a batch is sent as options and files, and a retry sends the same bytes', async () => {
  const { client, server } = await start((_request, nth) =>
    nth === 1 ? 'hang up' : { status: 202, body: BATCH },
  );
  const documents = [
    { name: 'a.txt', content: 'first' },
    { name: 'sub/b.txt', content: new TextEncoder().encode('second') },
  ];
  await client.documentBatches.create({ instruction: 'sum up' }, documents, { idempotencyKey: 'k-1' });
  const [first, second] = server.seen;
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  expect(second?.headers['idempotency-key']).toBe('k-1');
  const contentType = second?.headers['content-type'] ?? '';
  const form = await new Response(second?.body, { headers: { 'content-type': contentType } }).formData();
  expect(form.get('options')).toBe('{"instruction":"sum up"}');
  const files = form.getAll('documents[]').filter((part) => part instanceof File);
  expect(await Promise.all(files.map(async (file) => [file.name, await file.text()]))).toEqual([
    ['a.txt', 'first'],
    ['sub/b.txt', 'second'],
  ]);
});

test('results arrive one by one while the platform is still writing, cut anywhere', async () => {
  const wrote = Promise.withResolvers<void>();
  const { client } = await start(() => ({
    headers: { 'content-type': 'application/x-ndjson' },
    body: async (response) => {
      const text = line('a.txt') + line('b.txt');
      response.write(text.slice(0, line('a.txt').length + 20));
      await wrote.promise;
      response.end(text.slice(line('a.txt').length + 20));
    },
  }));
  const results = client.documentBatches.results(BATCH.id);
  expect((await results.next()).value).toMatchObject({ document: 'a.txt' });
  wrote.resolve();
  expect((await results.next()).value).toMatchObject({ document: 'b.txt' });
  expect((await results.next()).done).toBe(true);
});

test('a stream that is cut off says so instead of looking complete', async () => {
  const { client } = await start(() => ({
    body: (response) => {
      response.write(`${JSON.stringify(sampleResult())}\n{"document":`, () => response.destroy());
    },
  }));
  await expect(Array.fromAsync(client.documentBatches.results(BATCH.id))).rejects.toMatchObject({
    code: 'unreachable',
  });
});

test('leaving the results early closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const { client } = await start(() => ({
    body: (response) => {
      response.write(`${JSON.stringify(sampleResult())}\n`);
      void once(response, 'close').then(() => closed.resolve());
    },
  }));
  for await (const result of client.documentBatches.results(BATCH.id)) {
    expect(result.document).toBe('a.txt');
    break;
  }
  await closed.promise;
});

test('results are followed for as long as asked, behind the last one seen', async () => {
  const { client, server } = await start(() => ({
    headers: { 'content-type': 'application/x-ndjson' },
    body: (response) => response.end(line('a.txt')),
  }));
  const results = client.documentBatches.results(BATCH.id, { after: 3, waitSeconds: 20 });
  expect(await Array.fromAsync(results)).toMatchObject([{ document: 'a.txt', index: 0, seq: 0 }]);
  const [asked] = server.seen;
  expect([asked?.path, asked?.query.get('after'), asked?.headers['prefer']]).toEqual([
    `/v1/document-batches/${BATCH.id}/results`,
    '3',
    'wait=20',
  ]);
});

test.each(['cancel', 'pause', 'resume'] as const)(
  '%s is tried again, because twice is once',
  async (what) => {
    const { client, server } = await start((_request, nth) => (nth === 1 ? 'hang up' : { body: BATCH }));
    expect(await client.documentBatches[what](BATCH.id)).toEqual(BATCH);
    expect(server.seen.map(({ method, path }) => [method, path])).toEqual([
      ['POST', `/v1/document-batches/${BATCH.id}/${what}`],
      ['POST', `/v1/document-batches/${BATCH.id}/${what}`],
    ]);
  },
);

test('a retry of the failed documents is sent again only under a key', async () => {
  const { client, server } = await start((_request, nth) =>
    nth === 1 || nth === 2 ? 'hang up' : { status: 202, body: BATCH },
  );
  await expect(client.documentBatches.retry(BATCH.id)).rejects.toMatchObject({ code: 'unreachable' });
  expect(await client.documentBatches.retry(BATCH.id, { idempotencyKey: 'k' })).toEqual(BATCH);
  expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined, 'k', 'k']);
});

test('a page of batches is asked for by what it begins behind', async () => {
  const page = { object: 'list', data: [BATCH], first_id: BATCH.id, last_id: BATCH.id, has_more: false };
  const { client, server } = await start(() => ({ body: page }));
  expect(await client.documentBatches.list({ after: BATCH.id, limit: 5 })).toEqual(page);
  expect(server.seen[0]?.query.toString()).toBe(`after=${BATCH.id}&limit=5`);
});

test.each(['failed', 'cancelled', 'expired'] as const)(
  'changes ends with a batch that is %s',
  async (status) => {
    const { client } = await start(() => ({ body: sampleBatch({ status }) }));
    const seen = await Array.fromAsync(client.documentBatches.changes(BATCH.id));
    expect(seen.map((batch) => batch.status)).toEqual([status]);
  },
);

test('changes ends with the completed batch', async () => {
  const counts = { total: 2, completed: 2, failed: 0, cancelled: 0, expired: 0 };
  const done = sampleBatch({ status: 'completed', document_counts: counts });
  const { client } = await start((_request, nth) => ({
    headers: { etag: `"${nth}"` },
    body: nth === 1 ? BATCH : done,
  }));
  const batches = await Array.fromAsync(client.documentBatches.changes(BATCH.id));
  expect(batches.map(({ status }) => status)).toEqual(['in_progress', 'completed']);
});
