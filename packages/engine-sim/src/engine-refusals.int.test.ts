import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngineSim, type RunningEngineSim } from './start-engine-sim.ts';
import { chat, get, post } from './testing/http-client.ts';

describe('the simulated engine refuses', () => {
  let sim: RunningEngineSim;
  const key = { authorization: 'Bearer sim-key' };
  beforeAll(async () => {
    sim = await startEngineSim({ speed: 'instant', maxModelLen: 500, apiKey: 'sim-key' });
  });
  afterAll(() => sim.close());

  const chatCompletion = (body: unknown, headers: Record<string, string> = key): ReturnType<typeof post> =>
    post(`${sim.url}/v1/chat/completions`, body, { headers });

  test('401 without the key or with a wrong one, on /v1 only', async () => {
    expect(await chatCompletion(chat('x'), {})).toMatchObject({ status: 401 });
    expect(await chatCompletion(chat('x'), { authorization: 'Bearer other' })).toMatchObject({ status: 401 });
    expect((await get(`${sim.url}/v1/models`)).status).toBe(401);
    expect((await get(`${sim.url}/health`)).status).toBe(200);
    expect((await get(`${sim.url}/metrics`)).status).toBe(200);
  });

  test('400 when the prompt is longer than the context', async () => {
    const answered = await chatCompletion(chat('x'.repeat(4_000)));
    expect(answered.status).toBe(400);
    expect(JSON.parse(answered.text)).toMatchObject({
      error: {
        type: 'BadRequestError',
        code: 400,
        message: expect.stringMatching(/maximum context length is 500 tokens/u) as string,
      },
    });
  });

  test('400 when the answer asked for does not fit behind the prompt', async () => {
    const answered = await chatCompletion(chat('hello', { max_tokens: 495 }));
    expect(answered.status).toBe(400);
    expect(answered.text).toMatch(/maximum context length is 500 tokens/u);
    expect((await chatCompletion(chat('hello', { max_tokens: 494 }))).status).toBe(200);
  });

  test.each([
    ['no JSON', '{"messages":'],
    ['no messages', {}],
    ['empty messages', { messages: [] }],
    ['max_tokens 0', chat('x', { max_tokens: 0 })],
    ['two choices', chat('x', { n: 2 })],
    ['an unknown response format', chat('x', { response_format: { type: 'yaml' } })],
  ])('400 for %s', async (_name, body) => {
    const answered = await chatCompletion(body);
    expect(answered.status).toBe(400);
    expect(JSON.parse(answered.text)).toMatchObject({ error: { type: 'BadRequestError', code: 400 } });
  });

  test('404 for a model it does not serve', async () => {
    const answered = await chatCompletion(chat('x', { model: 'another' }));
    expect(answered.status).toBe(404);
    expect(JSON.parse(answered.text)).toMatchObject({ error: { type: 'NotFoundError', param: 'model' } });
  });

  test('413 for a body above 16 MB, whether it announces its length or not', async () => {
    expect((await chatCompletion(chat('x'.repeat(17_000_000)))).status).toBe(413);
    const chunk = new TextEncoder().encode('x'.repeat(1_000_000));
    let left = 17;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        left -= 1;
        if (left < 0) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const chunked = await fetch(`${sim.url}/v1/chat/completions`, {
      method: 'POST',
      headers: key,
      body,
      duplex: 'half',
      signal: AbortSignal.timeout(15_000),
    });
    expect(chunked.status).toBe(413);
    await chunked.text();
  });

  test('a start with options that make no engine', async () => {
    await expect(startEngineSim({ maxNumSeqs: 0 })).rejects.toThrow(/maxNumSeqs/u);
    await expect(startEngineSim({ speed: 0 })).rejects.toThrow(/speed/u);
    await expect(startEngineSim({ port: Number(new URL(sim.url).port) })).rejects.toThrow(/EADDRINUSE/u);
  });
});
