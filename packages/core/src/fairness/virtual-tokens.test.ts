import { expect, test } from 'vitest';
import { virtualTokens } from './virtual-tokens.ts';

test('an answer token costs twice a prompt token, and a tenant of twice the weight is charged half', () => {
  expect(virtualTokens(100, 50, 1)).toBe(200);
  expect(virtualTokens(100, 50, 2)).toBe(100);
  expect(virtualTokens(0, 0, 1)).toBe(0);
});
