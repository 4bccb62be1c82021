import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, answerStatus, openReceiver } from '../testing/open-receiver.ts';
import { LOCAL, rulesOf } from '../testing/rules-of.ts';
import { SELF_SIGNED } from '../testing/self-signed.ts';
import { createWebhookClient, type PostOutcome, type WebhookClient } from './webhook-client.ts';

const never = new AbortController().signal;
const silent: Answer = () => undefined;
const open: WebhookClient[] = [];

function openClient(rules = rulesOf(LOCAL)): (url: string, signal?: AbortSignal) => Promise<PostOutcome> {
  const client = createWebhookClient({ rules: () => rules, userAgent: 'Spillway/1 (webhooks)' });
  open.push(client);
  return (url, signal = never) =>
    client.post({ url, body: '{"a":"größe"}', headers: { 'webhook-id': 'evt_1' } }, signal);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});

describe('a webhook client', () => {
  test('posts exactly the given bytes and headers', async () => {
    await using receiver = await openReceiver(answerStatus(204));
    expect(await openClient()(receiver.url)).toEqual({
      kind: 'answered',
      status: 204,
      retryAfterMs: undefined,
    });
    expect(receiver.posts).toMatchObject([
      {
        method: 'POST',
        path: '/hook?for=us',
        body: '{"a":"größe"}',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Spillway/1 (webhooks)',
          'webhook-id': 'evt_1',
        },
      },
    ]);
  });

  test('reports the status and the Retry-After of a refusal', async () => {
    await using receiver = await openReceiver(answerStatus(429, { 'retry-after': '7' }));
    expect(await openClient()(receiver.url)).toEqual({ kind: 'answered', status: 429, retryAfterMs: 7000 });
  });

  test.each([301, 302, 303, 307, 308])('a %i is the answer: it is not followed', async (status) => {
    await using elsewhere = await openReceiver(answerStatus(200));
    await using receiver = await openReceiver(answerStatus(status, { location: elsewhere.url }));
    expect(await openClient()(receiver.url)).toMatchObject({ kind: 'answered', status });
    expect(elsewhere.posts).toEqual([]);
  });

  test('a receiver that never answers is given up after the timeout', async () => {
    await using receiver = await openReceiver(silent);
    const post = openClient(rulesOf({ ...LOCAL, timeout_seconds: 0.2 }));
    expect(await post(receiver.url)).toEqual({ kind: 'timed-out' });
    expect(receiver.posts).toHaveLength(1);
  });

  test('the status counts although the rest of the answer never comes', async () => {
    await using receiver = await openReceiver((response) => {
      response.writeHead(200, { 'content-length': '10' }).write('1');
    });
    const post = openClient(rulesOf({ ...LOCAL, timeout_seconds: 0.2 }));
    expect(await post(receiver.url)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('an endless answer is not read to its end', async () => {
    let sent = 0;
    await using receiver = await openReceiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        sent += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    expect(await openClient()(receiver.url)).toMatchObject({ kind: 'answered', status: 200 });
    // what fits into the sockets' buffers in between; a second of loopback would be gigabytes
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('an aborted post is cut off, not failed: nobody knows whether it arrived', async () => {
    const cut = new AbortController();
    await using receiver = await openReceiver(() => cut.abort());
    expect(await openClient()(receiver.url, cut.signal)).toEqual({ kind: 'cut-off' });
  });

  test('nobody listening and an unknown name are unreachable, with the reason', async () => {
    const receiver = await openReceiver(silent);
    await receiver[Symbol.asyncDispose]();
    expect(await openClient()(receiver.url)).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' });
    const client = createWebhookClient({
      rules: () => rulesOf(),
      userAgent: '-',
      resolve: (_hostname, _options, callback) =>
        callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []),
    });
    open.push(client);
    expect(await client.post({ url: 'http://hooks.example.com/', body: '', headers: {} }, never)).toEqual({
      kind: 'unreachable',
      code: 'ENOTFOUND',
    });
  });

  test('a receiver that hangs up without an answer is unreachable', async () => {
    await using receiver = await openReceiver((response) => response.destroy());
    expect(await openClient()(receiver.url)).toMatchObject({ kind: 'unreachable' });
  });

  test('a certificate that nobody vouches for gets no delivery', async () => {
    await using receiver = await openReceiver(answerStatus(200), SELF_SIGNED);
    expect(await openClient()(receiver.url)).toMatchObject({ kind: 'unreachable' });
    expect(receiver.posts).toEqual([]);
  });
});

describe('the guard of a webhook client', () => {
  const refused = { kind: 'refused', because: 'address' };

  test('refuses a private address before connecting, unless its network is allowed', async () => {
    await using receiver = await openReceiver(answerStatus(200));
    expect(await openClient(rulesOf({ allow_ports: 'any' }))(receiver.url)).toEqual(refused);
    expect(receiver.posts).toEqual([]);
    expect(await openClient()(receiver.url)).toMatchObject({ status: 200 });
  });

  test('refuses a name that resolves to this machine', async () => {
    await using receiver = await openReceiver(answerStatus(200));
    const url = `http://localhost:${receiver.port}/`;
    expect(await openClient(rulesOf({ allow_ports: 'any' }))(url)).toEqual(refused);
    expect(await openClient(rulesOf({ allow_ports: 'any' }))(url.replace('http', 'https'))).toEqual(refused);
    expect(receiver.posts).toEqual([]);
    expect(await openClient()(url)).toMatchObject({ status: 200 });
  });

  test('refuses a name whose address changes to a private one between two deliveries', async () => {
    await using receiver = await openReceiver(answerStatus(200, { connection: 'close' }));
    const answers = ['127.0.0.1', '127.0.0.2'];
    const rules = rulesOf({ allow_networks: ['127.0.0.1/32'], allow_ports: 'any' });
    const client = createWebhookClient({
      rules: () => rules,
      userAgent: '-',
      resolve: (_hostname, _options, callback) =>
        callback(null, [{ address: answers.shift() ?? '127.0.0.2', family: 4 }]),
    });
    open.push(client);
    const post = () =>
      client.post({ url: `http://hooks.example.com:${receiver.port}/`, body: '', headers: {} }, never);
    expect(await post()).toMatchObject({ status: 200 });
    expect(await post()).toEqual(refused);
    expect(receiver.posts).toHaveLength(1);
  });

  test('holds for connections that are already open when the rules change', async () => {
    await using receiver = await openReceiver(answerStatus(200));
    let rules = rulesOf(LOCAL);
    const client = createWebhookClient({ rules: () => rules, userAgent: '-' });
    open.push(client);
    const post = () =>
      client.post({ url: `http://localhost:${receiver.port}/`, body: '', headers: {} }, never);
    expect(await post()).toMatchObject({ status: 200 });
    rules = rulesOf({ allow_ports: 'any' });
    expect(await post()).toEqual(refused);
    expect(receiver.posts).toHaveLength(1);
  });

  test('refuses a port that is not allowed before connecting', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await openClient(rulesOf({ ...LOCAL, allow_ports: [443] }))(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'refused',
      because: 'port',
    });
    server.close();
    await once(server, 'close');
  });
});
