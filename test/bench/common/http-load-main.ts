import { connect, type Socket } from 'node:net';
import { quantile } from '../report.ts';
import { answerParent } from './answer-parent.ts';
import type { HttpLoad, HttpLoadResult } from './http-load.ts';

// The generator shares two cores with what it measures, so it speaks just enough HTTP/1.1 over plain sockets: about a
// third of what a client library costs.
answerParent(load);

async function load(options: HttpLoad): Promise<HttpLoadResult> {
  const request = requestBytes(options);
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => open(options.port)));
  const latencies: number[] = [];
  let left = options.requests;
  const startedAtMs = performance.now();
  try {
    await Promise.all(
      sockets.map((socket) =>
        submitUntilDone(socket, request, {
          takeTurn: () => left-- > 0,
          onAnswer: (ms) => latencies.push(ms),
        }),
      ),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return {
    perSecond: (options.requests * 1000) / (performance.now() - startedAtMs),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

function requestBytes({ port, path, apiKey, body }: HttpLoad): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${apiKey}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });

/** Sends the request again and again on one connection, each time after the whole answer, while there are turns. */
function submitUntilDone(
  socket: Socket,
  request: Buffer,
  { takeTurn, onAnswer }: { readonly takeTurn: () => boolean; readonly onAnswer: (ms: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let sentAtMs = 0;
    const next = (): void => {
      if (!takeTurn()) {
        resolve();
        return;
      }
      sentAtMs = performance.now();
      socket.write(request);
    };
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = endOfAnswer(received);
      if (received.length < end) return;
      if (received.toString('latin1', 9, 12) !== '202') {
        reject(new Error(`not accepted: ${received.toString('utf8', 0, 500)}`));
        return;
      }
      received = received.subarray(end);
      onAnswer(performance.now() - sentAtMs);
      next();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    next();
  });
}

const LENGTH = /content-length: (\d+)/i;

/** How many bytes the answer has, head and body; no end while the head is not whole. An answer has a length. */
function endOfAnswer(bytes: Buffer): number {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return Number.POSITIVE_INFINITY;
  return head + 4 + Number(LENGTH.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
}
