import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { localBackendSchema } from '@spillway/contracts';
import type { AttemptOutcome, InferenceBackend } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { createLocalBackend } from '../create-backend.ts';
import { answering, closedUrl, startHttpServer } from '../testing/start-http-server.ts';

const at = (url: string): InferenceBackend =>
  createLocalBackend(localBackendSchema.parse({ kind: 'vllm', url, models: { m: 'm' } }), { nowMs: () => 0 });

const ask = (backend: InferenceBackend): Promise<AttemptOutcome> =>
  backend.run(
    { endpoint: '/v1/completions', model: 'm', body: { prompt: 'Where does the heron sleep?' } },
    new AbortController(),
  );

/** Reads the whole request, then does this. */
const afterReading =
  (then: (request: IncomingMessage, response: ServerResponse) => void): RequestListener =>
  (request, response) => {
    request.resume().once('end', () => {
      then(request, response);
    });
  };

/** Begins an answer under these headers, and hangs up in the middle of it. */
const cuttingShort = (headers: Record<string, string>): RequestListener =>
  afterReading((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.write('{"choices":[{"te', () => request.socket.destroy());
  });

const engineLost = {
  kind: 'failed',
  reason: { kind: 'engine-lost', detail: 'the engine cut the connection while it worked on this attempt' },
};

/** A server in a process of its own that says its port, then "asked" with the first request, and never answers. */
const SILENT_SERVER = `
  const server = require('node:http').createServer((request) => request.resume().once('end', () => console.log('asked')));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

describe('an engine that had the request', () => {
  const cuts: readonly (readonly [string, RequestListener])[] = [
    ['hangs up', afterReading((request) => request.socket.destroy())],
    ['resets the connection', afterReading((request) => request.socket.resetAndDestroy())],
    ['hangs up in an answer of told length', cuttingShort({ 'content-length': '4096' })],
    ['hangs up in an answer in chunks', cuttingShort({ 'transfer-encoding': 'chunked' })],
    [
      'hangs up in the last answer of its connection',
      cuttingShort({ 'content-length': '4096', connection: 'close' }),
    ],
    [
      'hangs up in the last answer of its connection, in chunks',
      cuttingShort({ 'transfer-encoding': 'chunked', connection: 'close' }),
    ],
  ];

  test.each(cuts)('is lost when it %s', async (_how, listener) => {
    await using server = await startHttpServer(listener);
    expect(await ask(at(server.url))).toEqual(engineLost);
  });

  test('is lost when its process is killed', async () => {
    const engine = spawn(process.execPath, ['-e', SILENT_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines = createInterface(engine.stdout)[Symbol.asyncIterator]();
      const port = (await lines.next()).value as string;
      const backend = at(`http://127.0.0.1:${port}`);
      const outcome = ask(backend);
      expect(await lines.next()).toMatchObject({ value: 'asked' });
      const exited = once(engine, 'exit');
      engine.kill('SIGKILL');
      expect(await outcome).toEqual(engineLost);
      await exited;
      expect(await ask(backend)).toMatchObject({ reason: { kind: 'backend-unreachable' } });
    } finally {
      engine.kill('SIGKILL');
    }
  });

  test('and said that it is not well has not died of it', async () => {
    await using server = await startHttpServer(answering(500, { error: { message: 'out of memory' } }));
    expect(await ask(at(server.url))).toMatchObject({ reason: { kind: 'backend-error' } });
  });

  test('and answered without telling a length is believed, so that a cut shows as malformed', async () => {
    await using server = await startHttpServer(
      afterReading((request) => {
        request.socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"choices":[{"te');
      }),
    );
    expect(await ask(at(server.url))).toMatchObject({ reason: { kind: 'malformed-answer' } });
  });
});

describe('an engine that never had the request', () => {
  test('is unreachable where nothing listens', async () => {
    expect(await ask(at(await closedUrl()))).toMatchObject({
      kind: 'failed',
      reason: { kind: 'backend-unreachable' },
    });
  });

  test('is unreachable where TLS is spoken to a server that has none', async () => {
    await using server = await startHttpServer(answering(200, {}));
    expect(await ask(at(server.url.replace('http:', 'https:')))).toMatchObject({
      reason: { kind: 'backend-unreachable' },
    });
  });

  test('is asked anew when it hung up on a connection that was kept: no attempt is lost to that', async () => {
    let hungUp: Promise<unknown> | undefined;
    await using server = await startHttpServer(
      afterReading((request, response) => {
        response.once('finish', () => {
          hungUp = once(request.socket, 'close');
          request.socket.end();
        });
        answering(200, { choices: [{ text: 'In reeds.' }] })(request, response);
      }),
    );
    const backend = at(server.url);
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(backend)).toMatchObject({ kind: 'completed' });
      await hungUp;
    }
  });
});
