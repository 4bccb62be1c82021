import { type CloudLatency, ENDPOINTS, type EngineProfile } from '@spillway/core';
import { z } from 'zod';

const telemetrySchema = z.object({
  source: z.enum(['nvidia-smi', 'engine-sim']),
  powerWatts: z.number().optional(),
  powerLimitWatts: z.number().optional(),
  temperatureC: z.number().optional(),
  utilizationPercent: z.number().optional(),
  memoryUsedMiB: z.number().optional(),
  memoryTotalMiB: z.number().optional(),
});

const engineSchema = z.object({
  running: z.number(),
  waiting: z.number(),
  kvCacheUsage: z.number().optional(),
});

const profileSchema = z.object({
  baseMs: z.number().positive(),
  perSequenceMs: z.number().nonnegative(),
  // What a plan divides by.
  perPrefillTokenMs: z.number().positive(),
  prefillFactor: z.number().positive(),
  decodeFactor: z.number().positive(),
  samples: z.number().nonnegative(),
}) satisfies z.ZodType<EngineProfile>;

const latencySchema = z.object({
  firstTokenMs: z.object({ p50: z.number().nonnegative(), p95: z.number().nonnegative() }),
  perTokenMs: z.number().nonnegative(),
  samples: z.number().nonnegative(),
}) satisfies z.ZodType<CloudLatency>;

/** What has been learned may be told in another way by a worker of another version: then it is as if it said nothing. */
const learned = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

/** What a worker says of its backend with every heartbeat: the scheduler plans from this, `/metrics` shows it. */
export const backendDescriptorSchema = z.object({
  kind: z.string(),
  location: z.enum(['local', 'cloud']),
  /** The names clients use. */
  models: z.array(z.string()),
  endpoints: z.array(z.enum(ENDPOINTS)),
  simulated: z.boolean(),
  /** Set while the engine or provider does not answer; a length, because the worker's clock is its own. */
  down: z.object({ forMs: z.number(), because: z.string() }).optional(),
  draining: z.boolean(),
  contextTokens: z.number().optional(),
  kvCapacityTokens: z.number().optional(),
  price: z.object({ inputUsdPerMillion: z.number(), outputUsdPerMillion: z.number() }).optional(),
  engine: engineSchema.optional(),
  gpu: telemetrySchema.optional(),
  /** How fast a local engine works, as its completions had it. */
  profile: learned(profileSchema),
  /** What the worker learns that from: JSON that only workers read, to go on with after a restart; at most 4 KiB. */
  profileEstimate: z.unknown().optional(),
  /** How fast a cloud backend answers. */
  latency: learned(latencySchema),
  /** Age of the engine's own figures when this was sent. */
  telemetryAgeMs: learned(z.number()),
  /** Shares of the attempts, 0 to 1. */
  reliability: learned(z.object({ succeeded: z.number(), timedOut: z.number() })),
  energy: learned(z.object({ joulesPerToken: z.number(), usdPerKwh: z.number() })),
  /** What the provider's limits leave until they are renewed. */
  rateLimit: learned(z.object({ requestsLeft: z.number(), tokensLeft: z.number() })),
});
export type BackendDescriptor = z.infer<typeof backendDescriptorSchema>;

const MOST_ESTIMATE_BYTES = 4096;

/** As the heartbeat carries it: '' when there is none, or one too large to be kept, and the one before stays. */
export function formatEstimate(estimate: unknown): string {
  const text = estimate === undefined ? '' : JSON.stringify(estimate);
  return Buffer.byteLength(text) > MOST_ESTIMATE_BYTES ? '' : text;
}
