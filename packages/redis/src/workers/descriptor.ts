import { ENDPOINTS } from '@spillway/core';
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
});
export type BackendDescriptor = z.infer<typeof backendDescriptorSchema>;
