import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A webhook receiver that takes everything and counts the events by the job they tell of. */
export interface EventReceiver extends AsyncDisposable {
  readonly url: string;
  /** How often each job's end was told. */
  readonly told: ReadonlyMap<string, number>;
}

export async function openReceiver(): Promise<EventReceiver> {
  const told = new Map<string, number>();
  const take = async (request: IncomingMessage): Promise<void> => {
    const event = JSON.parse(await text(request)) as { readonly data: { readonly id: string } };
    told.set(event.data.id, (told.get(event.data.id) ?? 0) + 1);
  };
  const server = createServer((request, response) => {
    void take(request).then(() => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
