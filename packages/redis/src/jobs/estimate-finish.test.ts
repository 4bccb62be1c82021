import { expect, test } from 'vitest';
import { estimateFinishAtMs, parseForecast } from './estimate-finish.ts';

test('each job before it and its own turn take their time, and then it runs', () => {
  expect(estimateFinishAtMs(1_000_000, 3, { jobMs: 120.4, residenceMs: 8000 })).toBe(1_008_361);
});

test('without a forecast nothing is known', () => {
  expect(parseForecast('')).toBeUndefined();
  expect(estimateFinishAtMs(1_000_000, 1, undefined)).toBeUndefined();
});

test('a forecast is read as a commit writes it', () => {
  expect(parseForecast('0.5 1e3')).toEqual({ jobMs: 0.5, residenceMs: 1000 });
});
