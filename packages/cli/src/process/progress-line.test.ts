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
    '500/2,000 (25 %) · 5.0/s · 5 min 0 s left · local 400, cloud 98 · failed 2',
  );
  expect(progressLine({ ...VIEW, perSecond: 0.05, trouble: 'waiting' }, undefined)).toContain('3.0/min');
});

test('the platform knows better than the rate; cost and tokens are said where they are known', () => {
  const view = { ...VIEW, leftMs: 90_000, costUsd: 0.42, tokensPerSecond: 1234.5 };
  expect(progressLine(view, undefined)).toBe(
    '500/2,000 (25 %) · 5.0/s · 1 min 30 s left · local 400, cloud 98 · 1,235 tokens/s · $0.42 · failed 2',
  );
  expect(progressLine({ ...view, perSecond: undefined }, undefined)).toContain('(25 %) · 1 min 30 s left');
  expect(progressLine({ ...view, leftMs: 100 }, undefined)).toContain('· 1 s left');
  expect(progressLine({ ...view, done: 2000 }, undefined)).not.toContain('left');
});

test('a terminal gets a bar, and what matters least is left out of a narrow one', () => {
  const view = { ...VIEW, costUsd: 0.42, tokensPerSecond: 1234.5 };
  expect(progressLine(view, 140)).toMatch(/^\[█{4}░{13}\] 500/);
  const narrow = progressLine(view, 80);
  expect(narrow).toMatch(/^\[█{3}░{7}\] 500/);
  expect(narrow).toContain('left');
  expect(narrow).not.toContain('tokens');
  for (const columns of [120, 80, 60, 40, 30, 10]) {
    expect(progressLine(view, columns).length).toBeLessThan(columns);
  }
});
