import { createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { observeEngine, unknownEngine } from './engine-state.ts';
import { createTelemetryMetrics } from './telemetry-metrics.ts';
import { aSample, BUSY } from './testing/fixtures.ts';

/** The samples of this engine and its card, after each of the looks. */
async function pageAfter(...samples: readonly ReturnType<typeof aSample>[]): Promise<Record<string, number>> {
  const metrics = createMetrics('test');
  const write = createTelemetryMetrics(metrics, 'gpu-0');
  let state = unknownEngine(0);
  for (const sample of samples) {
    state = observeEngine(state, sample);
    write(state);
  }
  const { text } = await metrics.render();
  const lines = text.split('\n').filter((line) => /^(?:engine|gpu)_\w+\{/.test(line));
  return Object.fromEntries(lines.map((line) => [line.replace(/\{.*/, ''), Number(line.split(' ').at(-1))]));
}

test('the figures of a simulated engine are those of its simulated card, whatever card stands in this machine', async () => {
  const gpu = { index: 0, uuid: 'GPU-0', name: 'a card', powerWatts: 40, memoryUsedMiB: 1, throttle: [] };
  expect(await pageAfter(aSample({ metrics: BUSY, gpu }))).toEqual({
    engine_up: 1,
    engine_requests_running: 3,
    engine_requests_waiting: 1,
    engine_kv_cache_usage_ratio: 0.5,
    gpu_power_watts: 300,
    gpu_power_limit_watts: 450,
    gpu_temperature_celsius: 60,
    gpu_utilization_ratio: 0.9,
  });
});

test('what is not told any more is not shown any more', async () => {
  const check = { kind: 'unhealthy', detail: 'no connection' } as const;
  const lost = aSample({ check, metrics: undefined });
  expect(await pageAfter(aSample({ metrics: BUSY }), lost, lost)).toEqual({ engine_up: 0 });
});
