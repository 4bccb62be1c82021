import { expect, test } from 'vitest';
import { CREATED_AT_MS, sampleBatch } from './batch-record.fixtures.ts';
import { estimateFinish } from './estimate-finish.ts';

test('what is left takes as long as the rate of late says', () => {
  expect(estimateFinish(sampleBatch(), CREATED_AT_MS)).toBe(CREATED_AT_MS + 14_000);
});

test('no batch goes on beyond its window', () => {
  const slow = sampleBatch({ linesPerSecond: 0.00001 });
  expect(estimateFinish(slow, CREATED_AT_MS)).toBe(slow.expiresAtMs);
});

test.each([
  ['before its lines are known', { status: 'validating' }],
  ['while it is paused', { paused: true }],
  ['before a line has ended', { linesPerSecond: undefined }],
  ['while no line ends', { linesPerSecond: 0 }],
  ['once its lines have ended', { status: 'finalizing' }],
] as const)('nothing is said %s', (_when, changes) => {
  expect(estimateFinish(sampleBatch(changes), CREATED_AT_MS)).toBeUndefined();
});
