import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface ReceivedPost {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Everything received so far. */
  readonly posts: readonly ReceivedPost[];
}

/** Answers the `count`th post, counted from 1; the body has been read. */
export type Answer = (response: ServerResponse, count: number) => void;

/** A webhook receiver on 127.0.0.1; with a certificate it speaks TLS. */
export async function openReceiver(
  answer: Answer,
  certificate?: { readonly key: string; readonly cert: string },
): Promise<Receiver> {
  const posts: ReceivedPost[] = [];
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url: path, headers } = request;
    posts.push({ method, path, headers, body: await text(request) });
    answer(response, posts.length);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void onRequest(request, response);
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/hook?for=us`,
    posts,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export const answerStatus =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end('{"received":true}');
  };
