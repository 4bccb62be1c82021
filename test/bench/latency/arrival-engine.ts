import { listen } from '@spillway/service-kit';

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
  const server = await listen(
    async (request) => {
      const atMs = performance.now();
      if (request.method === 'GET')
        return Response.json({ object: 'list', data: [{ id: ARRIVAL_MODEL, object: 'model' }] });
      const text = await request.text();
      for (const [mark, resolve] of waiting) if (text.includes(mark)) resolve(atMs);
      return Response.json(ANSWER);
    },
    { port: 0, host: '127.0.0.1' },
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
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
    close: () => server.close(),
  };
}

const ANSWER = {
  id: 'chatcmpl-arrival',
  object: 'chat.completion',
  created: 0,
  model: ARRIVAL_MODEL,
  choices: [{ index: 0, message: { role: 'assistant', content: 'arrived' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
