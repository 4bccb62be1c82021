import { localBackendSchema } from '@spillway/contracts';
import type { JsonObject, TenantId } from '@spillway/core';
import { DEFAULT_SIM_MODEL, startEngineSim } from '@spillway/engine-sim';
import { expect, test } from 'vitest';
import { createLocalBackend } from '../create-backend.ts';
import { recording, type Sent } from '../testing/recording.ts';
import { startHttpServer } from '../testing/start-http-server.ts';

const north = 'north' as TenantId;
const south = 'south' as TenantId;
const CHAT = { messages: [{ role: 'user', content: 'word '.repeat(100) }], max_tokens: 1 };
const going = new AbortController().signal;

const at = (url: string, kind = 'vllm') =>
  createLocalBackend(localBackendSchema.parse({ kind, url, models: { m: DEFAULT_SIM_MODEL } }), {
    nowMs: Date.now,
  });

/** The salts that arrive for these prompts, in order. */
async function saltsOf(kind: string, ...asked: readonly (readonly [TenantId | undefined, JsonObject])[]) {
  const sent: Sent[] = [];
  await using server = await startHttpServer(recording(sent, { choices: [{}], data: [{}] }));
  const backend = at(server.url, kind);
  for (const [tenantId, body] of asked) {
    const endpoint = 'input' in body ? '/v1/embeddings' : '/v1/chat/completions';
    await backend.run({ endpoint, model: 'm', body }, { signal: going, ...(tenantId && { tenantId }) });
  }
  return sent.map(({ body }) => body['cache_salt']);
}

test('each tenant has a salt of its own, which is not its name', async () => {
  const [first, again, other] = await saltsOf('vllm', [north, CHAT], [north, CHAT], [south, CHAT]);
  expect(first).toMatch(/^[\w-]{43}$/);
  expect(again).toBe(first);
  expect(other).toMatch(/^[\w-]{43}$/);
  expect(other).not.toBe(first);
});

test('a client parts its prompts further with a salt of its own, and cannot have that of another tenant', async () => {
  const [plain] = await saltsOf('vllm', [north, CHAT]);
  const stolen = { ...CHAT, cache_salt: String(plain) };
  const [own, other] = await saltsOf('vllm', [north, { ...CHAT, cache_salt: 'mine' }], [south, stolen]);
  expect(new Set([plain, own, other]).size).toBe(3);
});

test('engines other than vLLM, and embeddings, get none', async () => {
  expect(await saltsOf('llamacpp', [north, CHAT])).toEqual([undefined]);
  expect(await saltsOf('vllm', [north, { input: 'a' }])).toEqual([undefined]);
});

test('a tenant finds its own prompts in the prefix cache, and never those of another one, in any dialect', async () => {
  const sim = await startEngineSim({ speed: 'instant' });
  try {
    const backend = at(sim.url);
    const cachedFor = async (tenantId: TenantId, endpoint: '/v1/chat/completions' | '/v1/messages') => {
      const outcome = await backend.run(
        { endpoint, model: DEFAULT_SIM_MODEL, body: CHAT },
        { signal: going, tenantId },
      );
      return outcome.kind === 'completed' ? outcome.usage.cachedInputTokens : outcome;
    };
    expect(await cachedFor(north, '/v1/chat/completions')).toBe(0);
    expect(await cachedFor(north, '/v1/chat/completions')).toBe(128);
    expect(await cachedFor(south, '/v1/chat/completions')).toBe(0);
    expect(await cachedFor(north, '/v1/messages')).toBe(128);
  } finally {
    await sim.close();
  }
});
