import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { detectBackends } from './detect-backends.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server with these answers; paths not listed are 404, and `hang` never answers. */
const serve = async (answers: Readonly<Record<string, unknown>>): Promise<string> => {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer === 'hang') return;
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}));
  });
  servers.push(server);
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', () => listening());
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

// port 9 of the loopback address is refused at once
const NOBODY = 'http://127.0.0.1:9';
const nowhere = { openAiShaped: NOBODY, ollama: NOBODY, llamacpp: NOBODY };

test('nobody there is nothing found', async () => {
  expect(await detectBackends({}, nowhere)).toEqual({ engines: [], clouds: [] });
});

test('vLLM is known by its version, with model and context length', async () => {
  const url = await serve({
    '/v1/models': { object: 'list', data: [{ id: 'meta/llama', max_model_len: 8192 }] },
    '/version': { version: '0.11.2' },
  });
  const { engines } = await detectBackends({}, { ...nowhere, openAiShaped: url });
  expect(engines).toEqual([
    { kind: 'vllm', url, models: ['meta/llama'], contextTokens: 8192, version: '0.11.2' },
  ]);
});

test("another engine with OpenAI's interface is taken as compatible", async () => {
  const url = await serve({ '/v1/models': { data: [{ id: 'a' }, { id: 'b' }] } });
  const { engines } = await detectBackends({}, { ...nowhere, openAiShaped: url });
  expect(engines).toEqual([{ kind: 'local-compatible', url, models: ['a', 'b'] }]);
});

test('Ollama and llama.cpp are found with what they say of themselves', async () => {
  const ollama = await serve({
    '/api/tags': { models: [{ name: 'llama3.1:8b' }] },
    '/api/version': { version: '0.12.0' },
  });
  const llamacpp = await serve({
    '/v1/models': { data: [{ id: 'model.gguf' }] },
    '/props': { total_slots: 2, default_generation_settings: { n_ctx: 4096 } },
  });
  const { engines } = await detectBackends({}, { ...nowhere, ollama, llamacpp });
  expect(engines).toEqual([
    { kind: 'ollama', url: ollama, models: ['llama3.1:8b'], version: '0.12.0' },
    { kind: 'llamacpp', url: llamacpp, models: ['model.gguf'], contextTokens: 4096, slots: 2 },
  ]);
});

test('a server that is something else, has no model or never answers is no engine', async () => {
  const page = await serve({ '/v1/models': '<html>', '/version': { version: '1' } });
  const empty = await serve({ '/api/tags': { models: [] } });
  const silent = await serve({ '/v1/models': 'hang', '/props': 'hang' });
  const { engines } = await detectBackends({}, { openAiShaped: page, ollama: empty, llamacpp: silent });
  expect(engines).toEqual([]);
});

test('cloud accounts are found by their keys, which are not read out', async () => {
  const env = {
    OPENAI_API_KEY: 'swordfish',
    OPENAI_BASE_URL: 'https://llm.example.com/v1',
    ANTHROPIC_API_KEY: '',
  };
  const { clouds } = await detectBackends(env, nowhere);
  expect(clouds).toEqual([
    { kind: 'openai', keyVariable: 'OPENAI_API_KEY', url: 'https://llm.example.com/v1' },
  ]);
});
