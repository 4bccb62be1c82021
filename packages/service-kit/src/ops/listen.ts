import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

export interface Listening {
  readonly port: number;
  /** Takes no new connection, lets answers finish for `graceMs` (default 1 s), then cuts what is left. */
  close(graceMs?: number): Promise<void>;
}

/** Node's five minutes cut off an upload of 200 MB over a slow line; who sends nothing is cut off by who reads it. */
const LONGEST_REQUEST_MS = 3_600_000;

/** Serves HTTP on one address; port 0 picks a free one. Rejects when the address is taken. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listening> {
  // without TLS options the adaptor always makes a node:http server
  const server = createAdaptorServer({ fetch, hostname: host }) as Server;
  server.requestTimeout = LONGEST_REQUEST_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: (graceMs = 1_000) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
