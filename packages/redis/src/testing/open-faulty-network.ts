import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a client and Redis that a test can make fail the ways networks do. */
export interface FaultyNetwork extends AsyncDisposable {
  readonly url: string;
  /** Connections taken so far. */
  accepted(): number;
  /** From now on the open connections carry nothing in either direction, and nobody is told. New ones work. */
  silence(): void;
  /** Takes new connections, or is back to that, and answers none of them. */
  setDeaf(isDeaf: boolean): void;
  /** New connections go to another server from now on; with `cut`, the open ones break. */
  moveTo(url: string, how: 'cut' | 'keep'): void;
}

export async function openFaultyNetwork(redisUrl: string): Promise<FaultyNetwork> {
  let target = new URL(redisUrl);
  let isDeaf = false;
  let accepted = 0;
  const sockets = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  const track = (socket: Socket, other: Socket | undefined): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other?.destroy();
    });
  };
  const carry = (from: Socket, to: Socket): void => {
    from.on('data', (bytes: Buffer) => {
      if (!silenced.has(from)) to.write(bytes);
    });
  };
  const server = createServer((client) => {
    accepted += 1;
    if (isDeaf) {
      track(client, undefined);
      client.resume();
      return;
    }
    const upstream = connect(Number(target.port || 6379), target.hostname);
    track(client, upstream);
    track(upstream, client);
    carry(client, upstream);
    carry(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    accepted: () => accepted,
    silence: () => {
      for (const socket of sockets) silenced.add(socket);
    },
    setDeaf: (deaf) => {
      isDeaf = deaf;
    },
    moveTo: (url, how) => {
      target = new URL(url);
      if (how === 'cut') for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
