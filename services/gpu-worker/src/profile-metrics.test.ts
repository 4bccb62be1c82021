import { RTX_4090 } from '@spillway/core';
import { createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { createProfileMetrics } from './profile-metrics.ts';

test('the constants are those in force: the power that is left is in them', async () => {
  const metrics = createMetrics('test');
  const write = createProfileMetrics(metrics, 'gpu-0');
  write(RTX_4090);
  write({ ...RTX_4090, baseMs: 10, perSequenceMs: 1, decodeFactor: 0.5, prefillFactor: 0.8, samples: 7 });
  const { text } = await metrics.render();
  const lines = text.split('\n').filter((line) => line.startsWith('worker_profile'));
  expect(lines.map((line) => line.replace(/backend="gpu-0",?|,?service="test"/g, ''))).toEqual([
    'worker_profile{constant="base_ms"} 20',
    'worker_profile{constant="per_sequence_ms"} 2',
    'worker_profile{constant="per_prefill_token_ms"} 0.14125',
    'worker_profile_samples{} 7',
  ]);
});
