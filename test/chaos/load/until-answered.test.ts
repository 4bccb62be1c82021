import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Refusal } from '../history/history.ts';
import { untilAnswered } from './until-answered.ts';

let server: Server;
let client: OpenAI;
/** What the server answers, one after the other; undefined: it hangs up. */
let answers: (readonly [status: number, body: object] | undefined)[];
beforeEach(async () => {
  server = createServer((request, response) => {
    const answer = answers.shift();
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(answer[0], { 'content-type': 'application/json', 'retry-after': '2' });
    response.end(JSON.stringify(answer?.[1]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  client = new OpenAI({ baseURL: `http://127.0.0.1:${port}`, apiKey: 'sk-1', maxRetries: 0 });
});
afterEach(() => void server.close());

const error = (code: string): object => ({
  error: { message: 'no', type: 'server_error', param: null, code },
});

async function ask(): Promise<{ readonly answer: unknown; readonly refusals: readonly Refusal[] }> {
  const refusals: Refusal[] = [];
  const options = {
    onRefusal: (refusal: Refusal) => void refusals.push(refusal),
    signal: AbortSignal.timeout(10_000),
  };
  return { answer: await untilAnswered(options, () => client.get<unknown>('/')), refusals };
}

test('a call is repeated after an outage, and every answer on the way is noted as it was', async () => {
  answers = [undefined, [503, error('store_unavailable')], [200, { id: 'batch_1' }]];
  const { answer, refusals } = await ask();
  expect(answer).toEqual({ id: 'batch_1' });
  expect(refusals).toMatchObject([
    { code: 'unreachable', status: undefined },
    { code: 'store_unavailable', status: 503, retryAfterMs: 2_000 },
  ]);
});

test('what is refused for good is not asked again', async () => {
  answers = [[409, error('batch_ended')]];
  expect(await ask()).toMatchObject({ answer: undefined, refusals: [{ code: 'batch_ended', status: 409 }] });
});

test('an error that no answer explains is thrown', async () => {
  const bug = new RangeError('a bug');
  await expect(
    untilAnswered({ onRefusal: () => {}, signal: AbortSignal.timeout(1_000) }, () => Promise.reject(bug)),
  ).rejects.toBe(bug);
});
