import { createHash } from 'node:crypto';
import { configSchema, schedulingPolicy } from '@spillway/contracts';
import { RTX_4090, type SchedulingPolicy } from '@spillway/core';
import type { Deployment } from '@spillway/simulation';

/** One engine and one cloud, as the configuration has them and as the simulator has them. */
export const MODEL = 'llama-8b';

const SLOTS = 32;
const KV_TOKENS = 60_000;
const CLOUD_SLOTS = 64;
const PRICE = { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 };
/** Of the simulated provider, which always takes as long. */
const CLOUD_LATENCY = { firstTokenMs: { p50: 400, p95: 400 }, perTokenMs: 12 };

/** Of the simulated engine; prompts here share nothing, so neither side has a prefix cache. */
export const ENGINE_FLAGS = [
  '--max-num-seqs',
  String(SLOTS),
  '--kv-tokens',
  String(KV_TOKENS),
  '--no-prefix-caching',
] as const;

export const simulatedDeployment: Deployment = {
  backends: [
    {
      location: 'local',
      id: 'gpu-0',
      slots: SLOTS,
      engine: { kind: 'batching', profile: RTX_4090, maxSequences: SLOTS, kvCapacityTokens: KV_TOKENS },
    },
    { location: 'cloud', id: 'cloud-0', slots: CLOUD_SLOTS, price: PRICE, latency: CLOUD_LATENCY },
  ],
};

/** What the processes are configured with. */
export const realConfig = (
  ports: { readonly engine: number; readonly provider: number },
  apiKey: string,
) => ({
  backends: {
    'gpu-0': {
      kind: 'vllm',
      url: `http://127.0.0.1:${ports.engine}`,
      models: { [MODEL]: MODEL },
      max_concurrency: SLOTS,
    },
    'cloud-0': {
      kind: 'openai',
      url: `http://127.0.0.1:${ports.provider}/openai/v1`,
      api_key: '${env:SIMULATED_KEY}',
      models: { [MODEL]: 'small-model' },
      max_concurrency: CLOUD_SLOTS,
      prices: {
        [MODEL]: {
          input_usd_per_million: PRICE.inputUsdPerMillion,
          output_usd_per_million: PRICE.outputUsdPerMillion,
        },
      },
    },
  },
  tenants: {
    bench: {
      api_key_sha256: [createHash('sha256').update(apiKey).digest('hex')],
      max_queued_jobs: 100_000,
    },
  },
});

/** The policy both run with: that of a configuration which says nothing of it. */
export const POLICY: SchedulingPolicy = schedulingPolicy(configSchema.parse({}));
