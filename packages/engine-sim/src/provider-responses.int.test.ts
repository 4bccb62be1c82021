import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulatedDigest } from './answers/digest.ts';
import { startProviderSim, type RunningProviderSim } from './start-provider-sim.ts';
import { post, type Answered } from './testing/http-client.ts';

describe('Responses at the OpenAI face', () => {
  let sim: RunningProviderSim;
  beforeAll(async () => {
    sim = await startProviderSim({ speed: 'instant' });
  });
  afterAll(() => sim.close());

  const ask = (body: object): Promise<Answered> => post(`${sim.openaiBaseUrl}/responses`, body);
  const read = async (body: object): Promise<unknown> => JSON.parse((await ask(body)).text) as unknown;

  test('a text and instructions are answered with a message, their digest and usage', async () => {
    const answered = await ask({ model: 'any-model', instructions: 'Be terse.', input: 'Name a colour.' });
    expect(answered.status).toBe(200);
    const digest = simulatedDigest('Be terse.Name a colour.');
    expect(JSON.parse(answered.text)).toMatchObject({
      id: expect.stringMatching(/^resp_/u) as string,
      object: 'response',
      status: 'completed',
      model: 'any-model',
      instructions: 'Be terse.',
      output: [
        {
          id: expect.stringMatching(/^msg_/u) as string,
          type: 'message',
          role: 'assistant',
          content: [
            {
              type: 'output_text',
              text: expect.stringContaining(`[simulated openai] ${digest}`) as string,
              annotations: [],
            },
          ],
        },
      ],
      usage: { input_tokens: 15, output_tokens_details: { reasoning_tokens: 0 } },
    });
    expect(sim.stats().digestsSeen).toContain(digest);
  });

  test('items are read in order, calls and results among them', async () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'b' },
    ];
    expect(JSON.stringify(await read({ model: 'm', input }))).toContain(simulatedDigest('ab'));
  });

  test('an answer that reaches the limit is incomplete', async () => {
    expect(await read({ model: 'm', input: 'x', max_output_tokens: 3 })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 3 },
    });
  });

  test('a JSON Schema is kept to', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const text = { format: { type: 'json_schema', name: 'x', schema } };
    const response = (await read({ model: 'm', input: 'x', text })) as {
      output: { content: { text: string }[] }[];
    };
    expect(JSON.parse(response.output[0]?.content[0]?.text ?? '')).toEqual({
      ok: expect.any(Boolean) as boolean,
    });
  });

  test.each([
    ['a stream', { stream: true }, 'stream'],
    ['a response in the background', { background: true }, 'background'],
    ['an earlier response', { previous_response_id: 'resp_1' }, 'previous_response_id'],
    ['no input', { input: undefined }, 'input'],
  ])('%s is refused', async (_what, fields, param) => {
    const answered = await ask({ model: 'm', input: 'x', ...fields });
    expect(answered.status).toBe(400);
    expect(JSON.parse(answered.text)).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });
});
