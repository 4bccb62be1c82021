import { RTX_4090 } from '@spillway/core';
import { createMetrics } from '@spillway/service-kit';
import { expect, test } from 'vitest';
import { createProfileMetrics } from './profile-metrics.ts';

test('the constants are those in force: the power that is left is in them', async () => {
  const metrics = createMetrics('test');
  const { write } = createProfileMetrics(metrics, 'gpu-0');
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

test('the errors of answers are counted, in buckets closest around 1; none is shown before the first', async () => {
  const metrics = createMetrics('test');
  const { observeError } = createProfileMetrics(metrics, 'gpu-0');
  const shown = async (): Promise<readonly string[]> => {
    const { text } = await metrics.render();
    const lines = text.split('\n').filter((line) => line.startsWith('worker_profile_error_ratio'));
    return lines.map((line) => line.replace(/,service="test"|service="test",/, ''));
  };
  expect(await shown()).toEqual([]);
  for (const ratio of [0.97, 1.02, 1.3]) observeError(ratio);
  const lines = await shown();
  const buckets = [bucket('0.95', 0), bucket('1', 1), bucket('1.05', 2), bucket('1.25', 2), bucket('1.5', 3)];
  expect(lines).toEqual(expect.arrayContaining(buckets));
  expect(lines).toContain('worker_profile_error_ratio_count{backend="gpu-0"} 3');
});

const bucket = (le: string, count: number): string =>
  `worker_profile_error_ratio_bucket{le="${le}",backend="gpu-0"} ${count}`;
