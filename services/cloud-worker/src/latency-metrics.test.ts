import { type BackendId, TYPICAL_CLOUD } from '@spillway/core';
import { createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { createLatencyMetrics } from './latency-metrics.ts';

test('a backend’s latency is shown in seconds while the backend is there', async () => {
  const metrics = createMetrics('test');
  const latency = createLatencyMetrics(metrics);
  const shown = async (): Promise<readonly string[]> => {
    const { text } = await metrics.render();
    const lines = text.split('\n').filter((line) => line.startsWith('cloud_'));
    return lines.map((line) => line.replace(/,?service="test"/, ''));
  };
  latency.write('openai-0' as BackendId, TYPICAL_CLOUD);
  expect(await shown()).toEqual([
    'cloud_latency_seconds{backend="openai-0",quantile="0.5"} 1',
    'cloud_latency_seconds{backend="openai-0",quantile="0.95"} 3',
    'cloud_token_seconds{backend="openai-0"} 0.0125',
  ]);
  latency.remove('openai-0' as BackendId);
  expect(await shown()).toEqual([]);
});
