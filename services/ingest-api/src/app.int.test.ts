import { once } from 'node:events';
import { connect } from 'node:net';
import { createClient, SpillwayError } from '@spillway/client';
import { describe, expect, test } from 'vitest';
import { sampleOutcome } from './testing/batch-life.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';
import { chat, KEYS, testConfig } from './testing/samples.ts';

describe('every face of the service', () => {
  test.each([
    ['GET', '/v1/nothing'],
    ['PUT', '/v1/jobs'],
    ['POST', '/v1/jobs/job_1'],
    ['GET', '/v1//jobs'],
    ['GET', '/admin'],
  ] as const)('%s %s is not there, and says so as a problem', async (method, path) => {
    await using api = await openTestApi();
    const answer = await api.ask(path, { method });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'not-found' }]);
  });

  test('whatever begins with /v1 asks for a key first', async () => {
    await using api = await openTestApi();
    expect((await fetch(`${api.url}/v1/nothing`)).status).toBe(401);
    expect((await fetch(`${api.url}/%761/jobs`)).status).toBe(401);
  });

  test('HEAD answers as GET does, without a body, and leaves no stream open', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch([{ name: 'a', text: 'a' }]);
    const answer = await api.ask(batch.results_url, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  test('requests are counted by route and status, never by what a client made up', async () => {
    await using api = await openTestApi();
    await api.submit();
    await api.ask('/v1/jobs/job_secret-name');
    await api.ask('/v1/made-up');
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toContain(
      'http_requests_total{route="/v1/jobs",method="POST",status="202",service="ingest-api"} 1',
    );
    expect(text).toContain('route="/v1/jobs/:id",method="GET",status="404"');
    expect(text).toContain(
      'jobs_submitted_total{class="standard",outcome="accepted",service="ingest-api"} 1',
    );
    expect(text).not.toMatch(/secret-name|made-up/);
  });

  test.each([
    ['a chunked job', '/v1/jobs', 'application/json', 'Transfer-Encoding: chunked', '5\r\n{"req\r\n'],
    ['a job of known length', '/v1/jobs', 'application/json', 'Content-Length: 100', '{"req'],
    ['a batch', '/v1/document-batches', 'multipart/form-data; boundary=b', 'Content-Length: 100', '--b\r\n'],
  ])(
    'a client that goes away in the middle of %s is no bug of ours',
    async (_what, path, type, length, body) => {
      await using api = await openTestApi();
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEYS.acme}\r\n` +
          `Content-Type: ${type}\r\n${length}\r\n\r\n${body}`,
      );
      await once(socket, 'connect');
      socket.destroy();
      // The count rises when the request has been dealt with.
      await expect.poll(() => countOf(api, path), { interval: 5 }).toBe(1);
      expect(api.log).toEqual([]);
      expect(await api.storedJobs()).toEqual([]);
    },
  );
});

async function countOf(api: TestApi, path: string): Promise<number> {
  const text = await (await fetch(`${api.url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`http_requests_total{route="${path}"`)).length;
}

const open = (api: TestApi) => createClient({ url: api.url, apiKey: KEYS.acme });

describe('the client', () => {
  test('submits, waits for the end, reads why, and cancels what it no longer wants', async () => {
    await using api = await openTestApi();
    const client = open(api);
    expect(await client.health()).toEqual({ ready: true });
    const { id } = await client.submit(chat(), { idempotencyKey: 'k', maxQueueLength: 5 });
    const waited = client.waitUntilFinished(id);
    await api.untilWaiting();
    await api.life.complete(id, 'done');
    expect(await waited).toMatchObject({ id, status: 'completed', served_by: { backend: 'gpu-0' } });
    expect(await client.decisions(id)).toMatchObject([{ action: 'assign', backend: 'gpu-0' }]);
    const unwanted = await client.submit(chat());
    expect(await client.cancel(unwanted.id)).toMatchObject({ status: 'cancelled' });
    const listed = await Array.fromAsync(client.listAll({ limit: 1 }), (job) => job.id);
    expect(listed).toEqual([unwanted.id, id]);
  });

  test('sends documents and reads their results as they come', async () => {
    await using api = await openTestApi({ config: testConfig({ limits: { max_batch_documents: 30 } }) });
    const client = open(api);
    const documents = Array.from({ length: 25 }, (_, index) => ({
      name: `dir/${index} é.txt`,
      content: 'hi',
    }));
    const input = { instruction: 'Summarise.', model: 'small' } as const;
    const options = { idempotencyKey: 'batch-1' };
    const batch = await client.documentBatches.create(input, documents, options);
    expect((await client.documentBatches.create(input, documents, options)).id).toBe(batch.id);
    await api.batchLife.begin(batch.id, 25);
    const outcomes = documents.map(({ name }, line) => {
      const document = { name, sha256: 'a'.repeat(64), pages: 1, chunks: 1, output: 'a summary' };
      return sampleOutcome(line, { document });
    });
    await api.batchLife.settle(batch.id, ...outcomes.slice(0, 10));
    const first = await Array.fromAsync(client.documentBatches.results(batch.id));
    expect(first).toHaveLength(10);
    await api.batchLife.settle(batch.id, ...outcomes.slice(10));
    await api.batchLife.end(batch.id);
    const after = first.at(-1)?.seq;
    const rest = client.documentBatches.results(batch.id, { after, waitSeconds: 30 });
    const results = [...first, ...(await Array.fromAsync(rest))];
    expect(results.map(({ document }) => document)).toEqual(documents.map(({ name }) => name));
    const changes = await Array.fromAsync(client.documentBatches.changes(batch.id));
    expect(changes).toMatchObject([{ status: 'completed', document_counts: { completed: 25 } }]);
  });

  test('tells a problem by its code', async () => {
    await using api = await openTestApi();
    const refused = open(api).submit({ request: { model: 'large' } });
    await expect(refused).rejects.toBeInstanceOf(SpillwayError);
    await expect(refused).rejects.toMatchObject({ code: 'model-not-found' });
  });
});
