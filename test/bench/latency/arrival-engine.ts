import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A stand-in engine that answers at once and notes when each request reached it. Nothing is simulated but arrival. */
export interface ArrivalEngine {
  readonly url: string;
  /** The instant, on `performance.now`, at which the request that holds `mark` arrived. */
  arrival(mark: string, timeoutMs: number): Promise<number>;
  close(): Promise<void>;
}

export const ARRIVAL_MODEL = 'arrival';

export async function startArrivalEngine(): Promise<ArrivalEngine> {
  const waiting = new Map<string, (atMs: number) => void>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const atMs = performance.now();
    let text = '';
    for await (const chunk of request) text += String(chunk);
    for (const [mark, resolve] of waiting) if (text.includes(mark)) resolve(atMs);
    response.setHeader('content-type', 'application/json');
    response.end(request.method === 'GET' ? MODELS : ANSWER);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    arrival: (mark, timeoutMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`nothing arrived within ${timeoutMs} ms`)),
          timeoutMs,
        );
        waiting.set(mark, (atMs) => {
          clearTimeout(timer);
          waiting.delete(mark);
          resolve(atMs);
        });
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const MODELS = JSON.stringify({ object: 'list', data: [{ id: ARRIVAL_MODEL, object: 'model' }] });
const ANSWER = JSON.stringify({
  id: 'chatcmpl-arrival',
  object: 'chat.completion',
  created: 0,
  model: ARRIVAL_MODEL,
  choices: [{ index: 0, message: { role: 'assistant', content: 'arrived' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});
