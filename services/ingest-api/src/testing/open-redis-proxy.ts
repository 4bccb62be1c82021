import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a service and Redis, so that a test can take Redis away from the service alone. */
export interface RedisProxy {
  readonly url: string;
  /** Breaks every connection off and takes no new one. */
  cut(): Promise<void>;
  /** Takes connections again, at the same port. */
  restore(): Promise<void>;
  /** Breaks the connection off in place of the next reply: what was asked for has been done, and nobody hears it. */
  loseNextReply(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openRedisProxy(redisUrl: string): Promise<RedisProxy> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isLosing = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 6379), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (reply: Buffer) => {
      if (isLosing) client.destroy();
      else client.write(reply);
      isLosing = false;
    });
  });
  const open = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await open(0);
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `redis://127.0.0.1:${port}${target.pathname}`,
    cut,
    restore: async () => {
      await open(port);
    },
    loseNextReply: () => {
      isLosing = true;
    },
    [Symbol.asyncDispose]: cut,
  };
}
