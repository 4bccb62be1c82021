import { randomUUID } from 'node:crypto';
import { type Config, configSchema } from '@spillway/contracts';
import { type BackendId, idFromUuid } from '@spillway/core';
import { type ProviderSimOptions, type RunningProviderSim, startProviderSim } from '@spillway/engine-sim';
import type { BackendState } from '@spillway/redis';
import { createMetrics, type Metrics } from '@spillway/service-kit';
import { eventually, openTestCell, type TestCell } from '@spillway/worker-loop/testing';
import { type CloudLoops, createCloudLoops } from '../cloud-loops.ts';
import { createLatencyMetrics } from '../latency-metrics.ts';

export const openai = 'openai-0' as BackendId;
export const anthropic = 'anthropic-0' as BackendId;
export const MODEL = 'house-model';
export const KEY = 'sk-test-0123456789abcdef';

/** The cell of a test, a provider with both faces, and the loops of a cloud worker between them. */
export interface Cloud extends AsyncDisposable {
  readonly cell: TestCell;
  readonly sim: RunningProviderSim;
  readonly loops: CloudLoops;
  /** Where the latency of the backends is shown. */
  readonly metrics: Metrics;
  /** One backend for each face, and whatever else is said. */
  config(changes?: Readonly<Record<string, unknown>>): Config;
  /** Orders trouble from the provider. */
  play(...rules: readonly object[]): Promise<void>;
  /** What the scheduler sees of the backend, once it is up. */
  up(id: BackendId): Promise<BackendState>;
}

export async function openCloud(options: ProviderSimOptions = {}): Promise<Cloud> {
  const stack = new AsyncDisposableStack();
  const cell = stack.use(await openTestCell());
  const sim = await startProviderSim({ speed: 'instant', apiKey: KEY, ...options });
  stack.defer(() => sim.close());
  const metrics = createMetrics('test');
  const loops = createCloudLoops({
    newWorkerId: () => idFromUuid('WorkerId', randomUUID()),
    store: await cell.workerStore(),
    logger: cell.logger,
    metrics: cell.metrics,
    latency: createLatencyMetrics(metrics),
    drainMs: 200,
  });
  stack.defer(() => loops.drain());
  const common = { api_key: KEY, max_concurrency: 4 };
  return {
    cell,
    sim,
    loops,
    metrics,
    config: (changes = {}) =>
      configSchema.parse({
        backends: {
          [openai]: { ...common, kind: 'openai', url: sim.openaiBaseUrl, models: { [MODEL]: 'gpt-4o-mini' } },
          [anthropic]: {
            ...common,
            kind: 'anthropic',
            url: sim.anthropicBaseUrl,
            models: { [MODEL]: 'claude-3-5-haiku-latest' },
          },
          ...changes,
        },
      }),
    play: async (...rules) => {
      const body = JSON.stringify({ rules });
      const response = await fetch(`${sim.url}/_sim/faults`, { method: 'POST', body });
      if (!response.ok) throw new Error(`the simulator refused the faults: ${response.status}`);
    },
    up: (id) =>
      eventually(async () => {
        const state = await cell.backend(id);
        return state !== undefined && state.descriptor.down === undefined ? state : undefined;
      }, `${id} to be up`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A cloud whose two backends are up. */
export async function openRunningCloud(options: ProviderSimOptions = {}): Promise<Cloud> {
  const cloud = await openCloud(options);
  await cloud.loops.follow(cloud.config());
  await Promise.all([cloud.up(openai), cloud.up(anthropic)]);
  await eventually(() => cloud.loops.leasing() || undefined, 'both loops to lease');
  return cloud;
}
