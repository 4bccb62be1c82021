import { type BackendId, TYPICAL_CLOUD } from '@spillway/core';
import { createMetrics, type Metrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { createLatencyMetrics } from './latency-metrics.ts';

const ID = 'openai-0' as BackendId;

test('a backend’s latency is shown in seconds while the backend is there', async () => {
  const metrics = createMetrics('test');
  const latency = createLatencyMetrics(metrics);
  latency.write(ID, TYPICAL_CLOUD);
  expect(await shown(metrics)).toEqual([
    'cloud_latency_seconds{backend="openai-0",quantile="0.5"} 1',
    'cloud_latency_seconds{backend="openai-0",quantile="0.95"} 3',
    'cloud_token_seconds{backend="openai-0"} 0.0125',
  ]);
  latency.remove(ID);
  expect(await shown(metrics)).toEqual([]);
});

test('the errors of its answers are counted, in buckets closest around 1, while the backend is there', async () => {
  const metrics = createMetrics('test');
  const latency = createLatencyMetrics(metrics);
  for (const ratio of [0.97, 1.02, 1.3]) latency.observeError(ID, ratio);
  const lines = await shown(metrics);
  const buckets = [bucket('0.95', 0), bucket('1', 1), bucket('1.05', 2), bucket('1.25', 2), bucket('1.5', 3)];
  expect(lines).toEqual(expect.arrayContaining(buckets));
  expect(lines).toContain('cloud_latency_error_ratio_count{backend="openai-0"} 3');
  latency.remove(ID);
  expect(await shown(metrics)).toEqual([]);
});

/** The samples of clouds, without what all have. */
async function shown(metrics: Metrics): Promise<readonly string[]> {
  const { text } = await metrics.render();
  const lines = text.split('\n').filter((line) => line.startsWith('cloud_'));
  return lines.map((line) => line.replace(/,service="test"|service="test",/, ''));
}

const bucket = (le: string, count: number): string =>
  `cloud_latency_error_ratio_bucket{le="${le}",backend="openai-0"} ${count}`;
