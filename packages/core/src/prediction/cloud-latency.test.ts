import { expect, test } from 'vitest';
import { cloudMs, TYPICAL_CLOUD } from './cloud-latency.ts';

test('an answer takes the usual time to its first token, and time for each token', () => {
  expect(cloudMs(TYPICAL_CLOUD, 0)).toBe(1000);
  expect(cloudMs(TYPICAL_CLOUD, 200)).toBe(3500);
});
