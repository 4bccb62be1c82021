import { once } from 'node:events';
import { createServer } from 'node:http';
import { type CloudBackendConfig, cloudBackendSchema } from '@spillway/contracts';
import { cloudMs, TYPICAL_CLOUD } from '@spillway/core';
import { type ProviderSimOptions, type RunningProviderSim, startProviderSim } from '@spillway/engine-sim';
import { backendDescriptorSchema } from '@spillway/redis';
import { aClaim } from '@spillway/worker-loop/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCloudBackend } from './cloud-backend.ts';
import { KEY, MODEL } from './testing/open-cloud.ts';

const going = new AbortController().signal;

let sim: RunningProviderSim;
beforeAll(async () => {
  sim = await startProviderSim({ speed: 'instant', apiKey: KEY });
});
afterAll(() => sim.close());

const aConfig = (changes: Readonly<Record<string, unknown>> = {}): CloudBackendConfig =>
  cloudBackendSchema.parse({
    kind: 'openai',
    url: sim.openaiBaseUrl,
    api_key: KEY,
    models: { [MODEL]: 'gpt-4o-mini' },
    ...changes,
  });

describe('what a cloud backend says of itself', () => {
  test('is what its reader takes; down until the provider has answered, then up, simulated and priced', async () => {
    const backend = openCloudBackend(aConfig(), () => 7);
    expect(backend.describe()).toMatchObject({
      location: 'cloud',
      models: [MODEL],
      simulated: false,
      down: { forMs: 0, because: 'the provider has not answered yet' },
      price: { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 },
    });
    await backend.check(going);
    expect(backend.describe()).toMatchObject({ simulated: true });
    expect(backend.describe()).not.toHaveProperty('down');
    expect(backendDescriptorSchema.parse(backend.describe())).toEqual(backend.describe());
  });

  test('has the price of its dearest model, and none when one of them is unknown', () => {
    const prices = { b: { input_usd_per_million: 3, output_usd_per_million: 0.1 } };
    const both = { models: { a: 'gpt-4o-mini', b: 'b' }, prices };
    expect(openCloudBackend(aConfig(both), () => 0).describe().price).toEqual({
      inputUsdPerMillion: 3,
      outputUsdPerMillion: 0.6,
    });
    expect(openCloudBackend(aConfig({ ...both, prices: {} }), () => 0).describe()).not.toHaveProperty(
      'price',
    );
  });

  test('names the three dialects of a chat for Anthropic, which has nothing else', () => {
    const config = aConfig({ kind: 'anthropic', url: sim.anthropicBaseUrl });
    expect(openCloudBackend(config, () => 0).describe().endpoints).toEqual([
      '/v1/chat/completions',
      '/v1/responses',
      '/v1/messages',
    ]);
  });

  test('is down since the first refused key, for as long as it is refused', async () => {
    let nowMs = 0;
    const backend = openCloudBackend(aConfig({ api_key: 'sk-not-the-key' }), () => nowMs);
    nowMs = 50;
    await backend.check(going);
    expect(backend.describe().down).toEqual({ forMs: 50, because: 'HTTP 401' });
    expect(await backend.run(aClaim(), going)).toMatchObject({
      kind: 'failed',
      reason: { kind: 'backend-refused-credentials' },
    });
    nowMs = 80;
    expect(backend.describe().down).toMatchObject({ forMs: 80 });
  });
});

describe('what attempts teach', () => {
  test('is how fast the provider answers, and the next worker begins with that', async () => {
    const latency = { firstTokenMs: 60, perTokenMs: 5 };
    await using slow = await startedProvider({ apiKey: KEY, latency });
    const config = aConfig({ url: slow.sim.openaiBaseUrl });
    const ratios: number[] = [];
    const backend = openCloudBackend(config, () => performance.now(), {
      onErrorRatio: (ratio) => ratios.push(ratio),
    });
    expect(backend.describe().latency).toEqual(TYPICAL_CLOUD);
    const answers = Array.from({ length: 8 }, async () => {
      for (let asked = 0; asked < 5; asked += 1) await backend.run(aClaim(), going);
    });
    await Promise.all(answers);
    const learned = backend.latency();
    expect(learned.samples).toBe(40);
    // each but the first, against what was known before it: far off as long as that was a typical second
    expect(ratios).toHaveLength(39);
    expect(ratios[0]).toBeLessThan(0.5);
    const late = ratios.slice(-10).toSorted((a, b) => a - b)[5];
    expect(late).toBeGreaterThan(0.7);
    expect(late).toBeLessThan(1.5);
    // 60 ms and 5 for each of its 8 tokens, instead of a typical second
    expect(cloudMs(learned, 8)).toBeGreaterThan(90);
    expect(cloudMs(learned, 8)).toBeLessThan(200);
    const next = openCloudBackend(aConfig(), () => 0, { before: backend.describe() });
    expect(next.describe().latency).toEqual({ ...learned, samples: 0 });
    const other = openCloudBackend(aConfig({ kind: 'anthropic', url: sim.anthropicBaseUrl }), () => 0, {
      before: backend.describe(),
    });
    expect(other.describe().latency).toEqual(TYPICAL_CLOUD);
  });

  test('is nothing about speed when there was no answer, or none with text', async () => {
    const backend = openCloudBackend(aConfig({ api_key: 'sk-not-the-key' }), () => 0);
    await backend.run(aClaim(), going);
    await backend.run(aClaim({ pinned: true }), going);
    const { features } = aClaim();
    const embedding = {
      features: { ...features, endpoint: '/v1/embeddings' as const },
      request: { input: 'a' },
    };
    const embedder = openCloudBackend(aConfig(), () => 0);
    expect(await embedder.run(aClaim(embedding), going)).toMatchObject({ kind: 'completed' });
    for (const taught of [backend, embedder]) expect(taught.latency()).toEqual(TYPICAL_CLOUD);
  });

  test('is how reliable it is', () => {
    const backend = openCloudBackend(aConfig(), () => 0);
    expect(backend.describe().reliability).toEqual({ succeeded: 1, timedOut: 0 });
    backend.judge('timed-out');
    backend.judge('failed');
    backend.judge('succeeded');
    const { reliability } = backend.describe();
    expect(reliability?.succeeded).toBeLessThan(1);
    expect(reliability?.timedOut).toBeGreaterThan(0);
    expect(
      openCloudBackend(aConfig(), () => 0, { before: backend.describe() }).describe().reliability,
    ).toEqual(reliability);
  });

  test('is what the provider’s limits leave, until they are renewed', async () => {
    await using limited = await startedProvider({ speed: 'instant', apiKey: KEY, requestsPerMinute: 10 });
    let nowMs = 0;
    const backend = openCloudBackend(aConfig({ url: limited.sim.openaiBaseUrl }), () => nowMs);
    expect(backend.describe()).not.toHaveProperty('rateLimit');
    await backend.run(aClaim(), going);
    expect(backend.describe().rateLimit).toMatchObject({ requestsLeft: 9 });
    nowMs = 61_000;
    expect(backend.describe()).not.toHaveProperty('rateLimit');
  });
});

describe('the health of a provider', () => {
  test('is asked for only where no attempt has lately shown it', async () => {
    let nowMs = 0;
    let asked = 0;
    await using counting = await startProviderSimThatCounts(() => {
      asked += 1;
    });
    const backend = openCloudBackend(aConfig({ url: counting.url }), () => nowMs);
    await backend.check(going);
    nowMs = 29_999;
    await backend.check(going);
    expect(asked).toBe(1);
    nowMs = 30_000;
    await backend.check(going);
    expect(asked).toBe(2);
  });
});

describe('an attempt', () => {
  test('of a pinned job is stopped by the guard, should it ever get there, and reaches no provider', async () => {
    const before = sim.stats().digestsSeen.length;
    const backend = openCloudBackend(aConfig(), () => 0);
    expect(await backend.run(aClaim({ pinned: true }), going)).toMatchObject({
      kind: 'failed',
      reason: { kind: 'privacy-violation-blocked' },
    });
    expect(sim.stats().digestsSeen).toHaveLength(before);
  });

  test('for a model that was taken out of the configuration asks for another backend', async () => {
    const backend = openCloudBackend(aConfig(), () => 0);
    expect(await backend.run(aClaim({ model: 'former-model' }), going)).toMatchObject({
      reason: { kind: 'model-not-found' },
    });
  });

  test('that was answered shows that the provider is up', async () => {
    const backend = openCloudBackend(aConfig(), () => 0);
    expect(await backend.run(aClaim(), going)).toMatchObject({ kind: 'completed' });
    expect(backend.describe()).not.toHaveProperty('down');
  });
});

/** A provider of a test's own. */
async function startedProvider(options: ProviderSimOptions) {
  const own = await startProviderSim(options);
  return { sim: own, [Symbol.asyncDispose]: () => own.close() };
}

/** A provider that only lists its models, and says how often. */
async function startProviderSimThatCounts(onAsked: () => void) {
  const server = createServer((_request, response) => {
    onAsked();
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ data: [{ id: 'gpt-4o-mini' }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
