import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatUsd } from './format.ts';

test('lengths, money and counts read as a person writes them', () => {
  expect([850, 12_340, 250_000, 7_500_000].map(formatDuration)).toEqual([
    '850 ms',
    '12.3 s',
    '4 min 10 s',
    '2 h 5 min',
  ]);
  expect([0, 0.00042, 0.0000004, 12.3].map(formatUsd)).toEqual([
    '$0',
    '$0.00042',
    'under $0.000001',
    '$12.30',
  ]);
  expect([7, 1234, 1_234_567].map(formatCount)).toEqual(['7', '1,234', '1,234,567']);
});
