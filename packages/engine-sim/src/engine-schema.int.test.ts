import { describe, expect, test } from 'vitest';
import { MISTAKE_MARK } from './answers/schema-mistakes.ts';
import { startEngineSim, type RunningEngineSim } from './start-engine-sim.ts';
import { chat, post, type Answered } from './testing/http-client.ts';

const schema = {
  type: 'object',
  properties: { total: { type: 'number' } },
  required: ['total'],
  additionalProperties: false,
};
const response_format = { type: 'json_schema', json_schema: { name: 'invoice', schema } };
const ask = (sim: RunningEngineSim, body: object): Promise<Answered> =>
  post(`${sim.url}/v1/chat/completions`, body);
const contentOf = ({ text }: Answered): string =>
  (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '';

async function withEngine<Value>(
  options: Parameters<typeof startEngineSim>[0],
  use: (sim: RunningEngineSim) => Promise<Value>,
): Promise<Value> {
  const sim = await startEngineSim({ speed: 'instant', ...options });
  try {
    return await use(sim);
  } finally {
    await sim.close();
  }
}

describe('the simulated engine and JSON Schema', () => {
  test('an engine without guided decoding refuses any format but text, and answers without one', async () => {
    await withEngine({ jsonSchema: false }, async (sim) => {
      const refused = await ask(sim, chat('as json', { response_format }));
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.text)).toMatchObject({ error: { param: 'response_format', code: 400 } });
      expect((await ask(sim, chat('x', { response_format: { type: 'json_object' } }))).status).toBe(400);
      expect((await ask(sim, chat('x', { response_format: { type: 'text' } }))).status).toBe(200);
      expect(contentOf(await ask(sim, chat('Answer in JSON.')))).toContain('[simulated]');
    });
  });

  test('a mistake is made once, and not again when it is talked about', async () => {
    await withEngine({ schemaMistakes: 1 }, async (sim) => {
      const wrong = contentOf(await ask(sim, chat('as json', { response_format })));
      expect(JSON.parse(wrong)).toEqual({ [MISTAKE_MARK]: true });
      const messages = [
        { role: 'user', content: 'as json' },
        { role: 'assistant', content: wrong },
        { role: 'user', content: 'total is missing' },
      ];
      const number = { total: expect.any(Number) as number };
      expect(JSON.parse(contentOf(await ask(sim, { messages, response_format })))).toEqual(number);
      expect(JSON.parse(contentOf(await ask(sim, chat('as json', { response_format }))))).toEqual(number);
    });
  });

  test('only answers to a schema are mistaken', async () => {
    await withEngine({ schemaMistakes: 1 }, async (sim) => {
      expect(contentOf(await ask(sim, chat('in words')))).not.toContain(MISTAKE_MARK);
      const anyJson = { response_format: { type: 'json_object' } };
      expect(contentOf(await ask(sim, chat('any json', anyJson)))).not.toContain(MISTAKE_MARK);
    });
  });
});
