import { idFromUuid } from '@spillway/core';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, type SpillwayClient } from './create-client.ts';
import { completedJob, problem, sampleJob, serve, type TestServer } from './testing/index.ts';

const INPUT = { request: { model: 'auto', messages: [{ role: 'user', content: 'hello' }] } };
const JOB = sampleJob();
const QUICK = { baseMs: 1, capMs: 1 };

const open: TestServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(
  ...[handle]: Parameters<typeof serve>
): Promise<{ client: SpillwayClient; server: TestServer }> {
  const server = await serve(handle);
  open.push(server);
  return { server, client: createClient({ url: server.url, apiKey: 'secret-key', retry: QUICK }) };
}

test('explain asks what would happen to a job, and may ask again: nothing comes of it', async () => {
  const { client, server } = await start((_request, nth) =>
    nth === 1 ? 'hang up' : { body: { object: 'explanation', dry_run: true, decision: {} } },
  );
  await expect(client.explain(INPUT)).rejects.toMatchObject({ code: 'unexpected-answer' });
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v1/jobs/explain',
    'POST /v1/jobs/explain',
  ]);
  expect(JSON.parse(String(server.seen[1]?.body))).toEqual(INPUT);
});

describe('submit', () => {
  test('sends the key, the idempotency key, the wait and the limit of the queue', async () => {
    const { client, server } = await start(() => ({ status: 202, body: JOB }));
    const job = await client.submit(INPUT, { idempotencyKey: 'k-1', waitSeconds: 5, maxQueueLength: 9 });
    expect(job).toEqual(JOB);
    const [request] = server.seen;
    expect(request?.method).toBe('POST');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer secret-key',
      'idempotency-key': 'k-1',
      prefer: 'wait=5',
      'content-type': 'application/json',
    });
    expect(request?.query.get('max_queue_length')).toBe('9');
    expect(JSON.parse(String(request?.body))).toEqual(INPUT);
  });

  test('with an idempotency key, a lost answer is asked for again under the same key', async () => {
    const { client, server } = await start((_request, nth) =>
      nth < 3 ? 'hang up' : { status: 202, body: JOB },
    );
    expect(await client.submit(INPUT, { idempotencyKey: 'k-2' })).toEqual(JOB);
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-2', 'k-2', 'k-2']);
  });

  test('without an idempotency key it is sent once, whatever happens', async () => {
    const { client, server } = await start(() => problem('store-unavailable', 'the store is full'));
    await expect(client.submit(INPUT)).rejects.toMatchObject({ code: 'store-unavailable', status: 503 });
    expect(server.seen).toHaveLength(1);
  });

  test('tries are bounded and the problem of the last one is thrown with its Retry-After', async () => {
    const { client, server } = await start(() =>
      problem('store-unavailable', 'full', { 'retry-after': '0' }),
    );
    const submission = client.submit(INPUT, { idempotencyKey: 'k' });
    await expect(submission).rejects.toMatchObject({ code: 'store-unavailable', retryAfterMs: 0 });
    expect(server.seen).toHaveLength(4);
  });

  test('a platform that forbids another try gets none', async () => {
    const { client, server } = await start(() =>
      problem('idempotency-conflict', 'another body', { 'x-should-retry': 'false' }),
    );
    const submission = client.submit(INPUT, { idempotencyKey: 'k' });
    await expect(submission).rejects.toMatchObject({ code: 'idempotency-conflict', retryRefused: true });
    expect(server.seen).toHaveLength(1);
  });

  test('the paths of a refused request are in the message', async () => {
    const { client } = await start(() => ({
      status: 400,
      body: {
        type: 'about:blank',
        title: 'Request does not match the schema',
        status: 400,
        code: 'invalid-request',
        detail: 'the body does not match',
        errors: [{ path: 'class', message: 'must be one of three' }],
      },
    }));
    await expect(client.submit(INPUT)).rejects.toThrow('class: must be one of three');
  });
});

describe('answers that are not ours', () => {
  test('nothing listening is `unreachable`, with the address and what to do', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1', apiKey: 'k', retry: { maxRetries: 0 } });
    await expect(client.get(JOB.id)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(client.get(JOB.id)).rejects.toThrow(/127\.0\.0\.1:1.*is it running/);
  });

  test('an answer off the contract names what differs', async () => {
    const { client } = await start(() => ({ body: { ...JOB, status: 'sleeping' } }));
    await expect(client.get(JOB.id)).rejects.toThrow(/contract at status/);
  });

  test('a redirect is refused, so that a submission never turns into something else', async () => {
    const { client } = await start(() => ({ status: 302, headers: { location: 'http://example.com/' } }));
    await expect(client.submit(INPUT)).rejects.toThrow('it redirects to http://example.com/');
  });

  test('a server that never answers is `timed-out`', async () => {
    const { server } = await start(() => new Promise(() => {}));
    const client = createClient({ url: server.url, apiKey: 'k', timeoutMs: 30, retry: { maxRetries: 0 } });
    await expect(client.get(JOB.id)).rejects.toMatchObject({ code: 'timed-out' });
  });

  test('a URL that is none is refused at once', () => {
    expect(() => createClient({ url: 'localhost', apiKey: 'k' })).toThrow('http://127.0.0.1:8787');
  });
});

test('an abort rejects with its reason, in a call and between tries', async () => {
  const { client } = await start(() => problem('store-unavailable', 'full', { 'retry-after': '20' }));
  const controller = new AbortController();
  const call = client.get(JOB.id, { signal: controller.signal });
  setImmediate(() => controller.abort(new Error('changed my mind')));
  await expect(call).rejects.toThrow('changed my mind');
});

describe('poll', () => {
  test('sends the ETag and tells an unchanged job from a changed one', async () => {
    const { client } = await start((request) =>
      request.headers['if-none-match'] === '"1"'
        ? { status: 304, headers: { 'retry-after': '3' } }
        : { headers: { etag: '"1"' }, body: JOB },
    );
    expect(await client.poll(JOB.id)).toMatchObject({ kind: 'changed', etag: '"1"', value: JOB });
    expect(await client.poll(JOB.id, { etag: '"1"' })).toEqual({ kind: 'unchanged', retryAfterMs: 3000 });
  });
});

describe('waitUntilFinished', () => {
  test('follows a job through its states to its end', async () => {
    const states = [JOB, sampleJob({ status: 'running', queue_position: null }), completedJob('done')];
    const { client, server } = await start((_request, nth) => ({
      headers: { etag: `"${nth}"`, 'retry-after': '30' },
      body: states[nth - 1] ?? {},
    }));
    const statuses: string[] = [];
    const job = await client.waitUntilFinished(JOB.id, { onStatus: ({ status }) => statuses.push(status) });
    expect(job.status).toBe('completed');
    expect(statuses).toEqual(['queued', 'running', 'completed']);
    expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"', '"2"']);
    expect(server.seen.every(({ headers }) => headers['prefer'] === 'wait=30')).toBe(true);
  });

  test('an unchanged job is looked at again after Retry-After, not sooner', async () => {
    const atMs: number[] = [];
    const { client } = await start((_request, nth) => {
      atMs.push(performance.now());
      if (nth === 1) return { headers: { etag: '"a"' }, body: JOB };
      return nth === 2 ? { status: 304, headers: { 'retry-after': '1' } } : { body: completedJob('done') };
    });
    await client.waitUntilFinished(JOB.id);
    expect((atMs[2] ?? 0) - (atMs[1] ?? 0)).toBeGreaterThan(950);
  });

  test('gives up by its own time and says that the job goes on', async () => {
    const { client } = await start((_request, nth) =>
      nth === 1 ? { headers: { etag: '"a"' }, body: JOB } : { status: 304 },
    );
    const waiting = client.waitUntilFinished(JOB.id, { timeoutMs: 60 });
    await expect(waiting).rejects.toMatchObject({ code: 'unfinished' });
    await expect(client.waitUntilFinished(JOB.id, { timeoutMs: 60 })).rejects.toThrow('it goes on');
  });
});

describe('list', () => {
  test('listAll walks every page by the last id', async () => {
    const second = sampleJob({ id: idFromUuid('JobId', '01990000-0000-7000-8000-000000000009') });
    const { client, server } = await start(({ query }) => {
      const job = query.get('after') === null ? JOB : second;
      const page = { object: 'list', data: [job], first_id: job.id, last_id: job.id, has_more: job === JOB };
      return { body: page };
    });
    const jobs = await Array.fromAsync(client.listAll({ status: 'queued', limit: 1 }));
    expect(jobs).toEqual([JOB, second]);
    expect(server.seen.map(({ query }) => query.toString())).toEqual([
      'status=queued&limit=1',
      `status=queued&limit=1&after=${JOB.id}`,
    ]);
  });
});

test('cancel is repeated after a lost answer: it has the same effect twice', async () => {
  const cancelled = sampleJob({ status: 'cancelled', queue_position: null });
  const { client, server } = await start((_request, nth) => (nth === 1 ? 'hang up' : { body: cancelled }));
  expect(await client.cancel(JOB.id)).toEqual(cancelled);
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array<string>(2).fill(`POST /v1/jobs/${JOB.id}/cancel`),
  );
});

test('health tells ready from not ready', async () => {
  const { client } = await start((_request, nth) =>
    nth === 1 ? { body: { status: 'ready' } } : problem('store-unavailable', 'redis does not answer'),
  );
  expect(await client.health()).toEqual({ ready: true });
  expect(await client.health()).toEqual({ ready: false, detail: 'redis does not answer' });
});
