import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer<ArrayBuffer>;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; a function writes the answer itself. */
  readonly body?: string | object | ((response: ServerResponse) => void | Promise<void>);
}

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Every request so far, in order. */
  readonly seen: SeenRequest[];
}

/** A real HTTP server on 127.0.0.1 that answers with what `handle` returns; for tests. */
export async function serve(
  handle: (request: SeenRequest, nth: number) => Reply | 'hang up' | Promise<Reply | 'hang up'>,
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      const request: SeenRequest = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      };
      seen.push(request);
      await send(response, await handle(request, seen.length));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function send(response: ServerResponse, reply: Reply | 'hang up'): Promise<void> {
  if (reply === 'hang up') {
    response.destroy();
    return;
  }
  const { status = 200, headers = {}, body = '' } = reply;
  const isJson = typeof body === 'object';
  response.writeHead(status, { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers });
  if (typeof body === 'function') await body(response);
  else response.end(isJson ? JSON.stringify(body) : body);
}
