import { randomUUID } from 'node:crypto';
import { type LocalBackendConfig, localBackendSchema } from '@spillway/contracts';
import { idFromUuid, type TenantId } from '@spillway/core';
import type { EngineMetrics } from '@spillway/gpu';
import type { Claim } from '@spillway/redis';
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

/** The first attempt of an open chat job. */
export const aClaim = (changes: Partial<Claim> = {}): Claim => ({
  lease: {
    jobId: idFromUuid('JobId', randomUUID()),
    fence: 1,
    workerId: idFromUuid('WorkerId', randomUUID()),
  },
  tenantId: 'acme' as TenantId,
  attempt: 1,
  failures: 0,
  rescues: 0,
  dispatchedAtMs: 0,
  predictedFinishAtMs: undefined,
  startedAtMs: 0,
  attemptTimeoutMs: 1000,
  deadlineAtMs: 1000,
  model: MODEL,
  pinned: false,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: 'chat',
    inputTokens: 10,
    outputTokens: 20,
  },
  request: { model: MODEL, messages: [] },
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
