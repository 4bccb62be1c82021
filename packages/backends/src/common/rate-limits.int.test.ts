import { cloudBackendSchema } from '@spillway/contracts';
import { startProviderSim } from '@spillway/engine-sim';
import { expect, test } from 'vitest';
import { createCloudBackend } from '../create-backend.ts';
import { createPriceList } from '../prices/price-list.ts';
import type { RateLimit } from './rate-limits.ts';

const CHAT = { messages: [{ role: 'user', content: 'hello' }], max_tokens: 1 };

test.each(['openai', 'anthropic'] as const)('an answer of %s tells what its limits leave', async (kind) => {
  const sim = await startProviderSim({ speed: 'instant', requestsPerMinute: 10 });
  try {
    const url = kind === 'openai' ? sim.openaiBaseUrl : sim.anthropicBaseUrl;
    const config = cloudBackendSchema.parse({ kind, url, api_key: 'k', models: { m: 'small' } });
    const heard: (readonly [string, RateLimit | undefined])[] = [];
    const backend = createCloudBackend(config, {
      nowMs: Date.now,
      prices: createPriceList(config),
      onRateLimits: (model, limits) => heard.push([model, limits.find(({ what }) => what === 'requests')]),
    });
    const request = { endpoint: '/v1/chat/completions', model: 'small', body: CHAT } as const;
    await backend.run(request, new AbortController());
    await backend.run(request, new AbortController());
    expect(heard).toMatchObject([
      ['small', { left: 9 }],
      ['small', { left: 8 }],
    ]);
    expect(heard[0]?.[1]?.resetInMs).toBeGreaterThan(50_000);
    expect(heard[0]?.[1]?.resetInMs).toBeLessThanOrEqual(61_000);
  } finally {
    await sim.close();
  }
});
