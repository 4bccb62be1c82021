import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A webhook as it came: its exact bytes and its headers, for a receiver's own SDK to check. */
interface ReceivedWebhook {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An HTTP endpoint that takes whatever it is sent. */
export interface WebhookInbox extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
}

export async function openWebhookInbox(): Promise<WebhookInbox> {
  const received: ReceivedWebhook[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    received.push({ body, headers: request.headers as Record<string, string> });
    response.writeHead(200).end();
  };
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
