import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { readEngineMetrics } from './read-engine-metrics.ts';

const never = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('readEngineMetrics', () => {
  test('finds /metrics beside /v1, however the engine is configured', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url);
      response.end('vllm:num_requests_running 5\n');
    });
    for (const engine of [url, `${url}/`, `${url}/v1`, `${url}/v1/`])
      expect(await readEngineMetrics(engine, never)).toEqual({ ok: true, value: { running: 5 } });
    expect(new Set(paths)).toEqual(new Set(['/metrics']));
  });

  test('a page without end is not read to the end', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      response.on('close', () => {
        closed.resolve();
      });
      const line = `${'x'.repeat(64 * 1024)}\n`;
      const write = (): void => {
        while (!response.destroyed && response.write(line));
        response.once('drain', write);
      };
      write();
    });
    expect(await readEngineMetrics(url, never)).toMatchObject({ ok: false, error: { kind: 'too-large' } });
    await closed.promise;
  });

  test('an engine without metrics, and none at all, are told apart', async () => {
    const url = await serve((_request, response) => response.writeHead(404).end());
    expect(await readEngineMetrics(url, never)).toEqual({
      ok: false,
      error: { kind: 'refused', detail: 'HTTP 404' },
    });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await readEngineMetrics(`http://127.0.0.1:${port}`, never)).toEqual({
      ok: false,
      error: { kind: 'unreachable', detail: 'ECONNREFUSED' },
    });
  });

  test('an engine that never answers is given up after two seconds', async () => {
    const url = await serve(() => undefined);
    expect(await readEngineMetrics(url, never)).toMatchObject({ ok: false, error: { kind: 'timeout' } });
  });

  test('an aborted scrape ends at once', async () => {
    const abort = new AbortController();
    const url = await serve(() => {
      abort.abort();
    });
    expect(await readEngineMetrics(url, abort.signal)).toEqual({
      ok: false,
      error: { kind: 'unreachable', detail: 'aborted' },
    });
  });
});
