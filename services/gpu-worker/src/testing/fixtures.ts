import { type LocalBackendConfig, localBackendSchema } from '@spillway/contracts';
import type { EngineMetrics } from '@spillway/gpu';
import type { EngineSample } from '../engine-state.ts';

export const MODEL = 'house-model';

/** A vLLM engine that knows the model under the simulator's name. */
export const aConfig = (changes: Readonly<Record<string, unknown>> = {}): LocalBackendConfig =>
  localBackendSchema.parse({
    kind: 'vllm',
    url: 'http://127.0.0.1:1',
    models: { [MODEL]: 'llama-3.1-8b-sim' },
    ...changes,
  });

/** A look at a healthy idle engine, a simulated one unless told otherwise. */
export const aSample = (changes: Partial<EngineSample> = {}): EngineSample => ({
  atMs: 1000,
  check: { kind: 'healthy', models: ['llama-3.1-8b-sim'], simulated: true },
  metrics: { running: 0, waiting: 0 },
  gpu: undefined,
  progress: { kind: 'working' },
  ...changes,
});

export const BUSY: EngineMetrics = {
  running: 3,
  waiting: 1,
  kvCacheUsage: 0.5,
  kvCapacityTokens: 96_000,
  simulatedGpu: { powerWatts: 300, powerLimitWatts: 450, temperatureC: 60, utilizationPercent: 90 },
};
