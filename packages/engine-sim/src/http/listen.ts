import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { SimEnv } from './sim-context.ts';

export interface Listening {
  readonly url: string;
  /** Stops listening and cuts every connection; safe to call again. */
  readonly close: () => Promise<void>;
}

/** Serves an app; port 0 takes any free port. Rejects when the address cannot be had. */
export async function listen(app: Hono<SimEnv>, host: string, port: number): Promise<Listening> {
  const answer = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing);
  });
  // a client may keep a request in the queue for as long as it likes
  server.requestTimeout = 0;
  // longer than the pools of common clients keep a connection, so that none is cut as it is used again
  server.keepAliveTimeout = 75_000;
  server.listen(port, host);
  await once(server, 'listening');
  let closed: Promise<void> | undefined;
  return { url: urlOf(server, host), close: () => (closed ??= shut(server)) };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

async function shut(server: Server): Promise<void> {
  const ended = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await ended;
}
