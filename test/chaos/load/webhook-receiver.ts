import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { signWebhook, verifyWebhook } from '@spillway/webhook-signing';
import type { Receipt } from '../history/history.ts';
import type { Reception } from './planned-job.ts';

/** Where the jobs of one run tell their end; knows each by the key in the path. */
export interface WebhookReceiver {
  urlOf(key: string): string;
  expect(key: string, secret: string, reception: Reception): void;
  /** The instant at which a well-signed event for this key arrives, in ms since 1970. */
  expectOnce(key: string, secret: string): Promise<number>;
  close(): Promise<void>;
}

interface Expectation {
  readonly secret: string;
  reception: Reception;
  readonly onArrival?: (atMs: number) => void;
}

const SLOW_MS = 2_000;
/** A dispatcher whose clock is an hour ahead plans the next attempt by it: nobody refuses it here, to wait an hour. */
const MUCH_SECONDS = 300;

export async function startWebhookReceiver(
  onReceipt: (key: string, receipt: Receipt) => void,
): Promise<WebhookReceiver> {
  const expected = new Map<string, Expectation>();

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const key = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    const body = await text(request);
    const hook = expected.get(key);
    if (hook === undefined) {
      response.writeHead(404).end();
      return;
    }
    const read = readReceipt(request, body, hook.secret);
    const reception = Math.abs(read.skewSeconds) > MUCH_SECONDS ? 'good' : hook.reception;
    hook.reception = 'good';
    if (reception === 'slow-first') await delay(SLOW_MS);
    const answered = { good: 204, 'slow-first': 204, 'fails-first': 500, 'drops-first': 0 }[reception];
    const receipt = { ...read, answered };
    if (hook.onArrival === undefined) onReceipt(key, receipt);
    else if (receipt.signature === 'good') hook.onArrival(Date.now());
    if (answered === 0) request.socket.destroy();
    else response.writeHead(answered).end();
  };
  const server = createServer((request, response) => {
    // a sender that died in the middle of its request
    receive(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    urlOf: (key) => `http://127.0.0.1:${port}/hooks/${encodeURIComponent(key)}`,
    expect: (key, secret, reception) => void expected.set(key, { secret, reception }),
    expectOnce: (key, secret) =>
      new Promise((resolve) => {
        expected.set(key, { secret, reception: 'good', onArrival: resolve });
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function readReceipt(request: IncomingMessage, body: string, secret: string): Omit<Receipt, 'answered'> {
  const event = JSON.parse(body) as {
    readonly id: string;
    readonly type: string;
    readonly data: { readonly id: string; readonly status: string };
  };
  const timestampSeconds = Number(request.headers['webhook-timestamp']);
  return {
    eventId: event.id,
    subjectId: event.data.id,
    type: event.type,
    status: event.data.status,
    signature: isSigned(request, body, timestampSeconds, secret) ? 'good' : 'bad',
    skewSeconds: timestampSeconds - Math.floor(Date.now() / 1000),
  };
}

/**
 * A receiver refuses what is more than five minutes off. Here that is only noted: the dispatcher whose clock was
 * stepped would be told so until the clock is right again, and the checker knows when that was.
 */
function isSigned(request: IncomingMessage, body: string, timestampSeconds: number, secret: string): boolean {
  const verified = verifyWebhook({ headers: request.headers, body, secrets: [secret] });
  if (verified.ok) return true;
  if (verified.error.kind !== 'timestamp-out-of-tolerance' || !Number.isSafeInteger(timestampSeconds))
    return false;
  const id = String(request.headers['webhook-id']);
  const right = signWebhook({ id, timestampSeconds, body, secrets: [secret] })['webhook-signature'];
  return String(request.headers['webhook-signature']).split(' ').includes(right);
}
