import type { Deployment } from './deployment.ts';
import type { TraceJob } from './trace-job.ts';
import { seededRandom } from './traces/seeded-random.ts';

/** One GPU that cannot do it all, and a cloud that fails now and then. */
export const busyDeployment: Deployment = {
  backends: [
    {
      location: 'local',
      id: 'gpu',
      slots: 16,
      engine: {
        kind: 'batching',
        profile: { baseMs: 17.1, perSequenceMs: 0.195, perPrefillTokenMs: 0.113 },
        maxSequences: 16,
        kvCapacityTokens: 20_000,
      },
    },
    {
      location: 'cloud',
      id: 'cloud',
      slots: 20,
      price: { inputUsdPerMillion: 1, outputUsdPerMillion: 2 },
      latency: { firstTokenMs: { p50: 600, p95: 1500 }, perTokenMs: 12 },
      rateLimit: { requestsPerMinute: 60, tokensPerMinute: 100_000 },
      failureShare: 0.1,
    },
  ],
};

/** Jobs of four tenants, two of them with several keys; some share prefixes, some are pinned. */
export function someJobs(count: number, seed: number, meanGapMs = 300): readonly TraceJob[] {
  const random = seededRandom(seed, 'jobs');
  let atMs = 0;
  return Array.from({ length: count }, (): TraceJob => {
    atMs += -Math.log(1 - random()) * meanGapMs;
    const tenant = Math.floor(random() * 4);
    const inputTokens = 1 + Math.floor(random() * 2500);
    const family = Math.floor(random() * 20);
    const drawn = random();
    return {
      atMs,
      tenant: `tenant-${tenant}`,
      key: `key-${tenant}-${Math.floor(random() * (tenant + 1))}`,
      jobClass: drawn < 0.5 ? 'interactive' : drawn < 0.8 ? 'standard' : 'batch',
      pinned: random() < 0.2,
      inputTokens,
      outputTokens: 1 + Math.floor(random() * 400),
      maxOutputTokens: 500,
      prefix: Array.from({ length: Math.floor(inputTokens / 512) }, (_, block) => family * 1000 + block),
    };
  });
}
