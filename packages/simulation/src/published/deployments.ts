import { type Deployment, type LocalSpec, replicas } from '../deployment.ts';

/** A 7 to 8B model in 16 bit on one RTX 4090: the profile is fitted to published figures, the cache is what is left. */
const rtx4090: LocalSpec = {
  location: 'local',
  id: 'gpu',
  slots: 48,
  usdPerKwh: 0.3,
  engine: {
    kind: 'batching',
    profile: { baseMs: 17.1, perSequenceMs: 0.195, perPrefillTokenMs: 0.113 },
    maxSequences: 48,
    kvCapacityTokens: 40_000,
  },
};

/** So many RTX 4090 and a cloud with a small model of a large provider: where overflow is measured. */
export const overflowDeployment = (gpus = 1, powerLimitPercent = 100): Deployment => ({
  backends: [
    ...replicas({ ...rtx4090, powerLimitPercent }, gpus),
    {
      location: 'cloud',
      id: 'cloud',
      slots: 1000,
      price: { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 },
      latency: { firstTokenMs: { p50: 600, p95: 1500 }, perTokenMs: 12 },
    },
  ],
});

/**
 * The engine of the VTC artifact (OSDI 2024): LightLLM with a pool of 10,000 tokens, whose figures these constants
 * reproduce. It keeps KV by the token, and admits by the peak of what requests will take.
 */
export const fairnessDeployment: Deployment = {
  backends: [
    {
      location: 'local',
      id: 'gpu',
      slots: 256,
      engine: {
        kind: 'batching',
        profile: { baseMs: 31, perSequenceMs: 0.5, perPrefillTokenMs: 0.25 },
        maxSequences: 256,
        kvCapacityTokens: 10_000,
        kvBlockTokens: 1,
      },
    },
  ],
};

/** Replicas with a prefix cache each, and nothing else that limits them: where routers are compared. */
export const affinityDeployment = (count: number, cacheBlocks = 4000): Deployment => ({
  backends: replicas(
    {
      location: 'local',
      id: 'replica',
      slots: 256,
      engine: { kind: 'serial', perPrefillTokenMs: 0.1, perOutputTokenMs: 20, cacheBlocks },
    },
    count,
  ),
});
