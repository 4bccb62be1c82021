import { expect, test } from 'vitest';
import { progressLine, type ProgressView } from './progress-line.ts';

const VIEW: ProgressView = {
  total: 2000,
  done: 500,
  failed: 2,
  local: 400,
  cloud: 98,
  perSecond: 5,
  trouble: undefined,
};

test('a plain line says how far, how fast, how long still, and where', () => {
  expect(progressLine(VIEW, undefined)).toBe(
    '500/2,000 (25 %) · 5.0/s, 5 min 0 s left · local 400, cloud 98 · failed 2',
  );
  expect(progressLine({ ...VIEW, perSecond: 0.05, trouble: 'waiting' }, undefined)).toContain('3.0/min');
});

test('a terminal gets a bar, and never more than one line of it', () => {
  expect(progressLine(VIEW, 120)).toMatch(/^\[█{6}░{18}\] 500/);
  expect(progressLine(VIEW, 80).length).toBeLessThan(80);
  expect(progressLine(VIEW, 30).length).toBeLessThan(30);
});
