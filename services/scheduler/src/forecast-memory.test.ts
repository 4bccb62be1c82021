import { expect, test } from 'vitest';
import { createForecastMemory } from './forecast-memory.ts';

const forecast = (jobMs: number, modelGroup = 'small') => ({ modelGroup, jobMs, residenceMs: 4000 });

test('a forecast is news until it is written, and again once it differs by more than a twentieth', () => {
  const memory = createForecastMemory();
  expect(memory.isNews([forecast(100)])).toBe(true);
  expect(memory.isNews([forecast(100)])).toBe(true);
  memory.note([forecast(100)]);
  expect(memory.isNews([forecast(104)])).toBe(false);
  expect(memory.isNews([forecast(106)])).toBe(true);
  expect(memory.isNews([forecast(100), forecast(100, 'large')])).toBe(true);
});

test('no forecast is no news: there is nothing to tell of an empty queue', () => {
  expect(createForecastMemory().isNews([])).toBe(false);
});
