import { createServer } from 'node:net';

/** A port of 127.0.0.1 nobody listens on; with `from`, the first free one of the 50 from there on. */
export async function findPort(from?: number): Promise<number> {
  if (from === undefined) return bind(0);
  for (let port = from; port < from + SEARCHED && port <= 65_535; port += 1) {
    try {
      return await bind(port);
    } catch {
      // taken, or not ours to bind: the next one
    }
  }
  throw new Error(`no free port from ${from} to ${from + SEARCHED - 1}`);
}

const SEARCHED = 50;

const bind = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('the system named no port'));
      });
    });
  });
