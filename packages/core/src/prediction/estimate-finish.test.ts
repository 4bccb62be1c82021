import { expect, test } from 'vitest';
import { estimateFinishAtMs } from './estimate-finish.ts';

const NEVER = 9e15;
const at = (place: { position: number; inClass: number }, paceMs = 0, deadlineAtMs = NEVER): number =>
  estimateFinishAtMs(1_000_000, place, { jobMs: 120.4, residenceMs: 8000, paceMs }, deadlineAtMs);

test('each job before it and its own turn take their time, and then it runs', () => {
  expect(at({ position: 3, inClass: 2 })).toBe(1_008_361);
});

test('those of its class leave as they were seen to, but never sooner than hardware can', () => {
  expect(at({ position: 3, inClass: 2 }, 300)).toBe(1_008_600);
  expect(at({ position: 3, inClass: 2 }, 100)).toBe(1_008_361);
});

test('nor more than twice as long: an overload may end while they wait', () => {
  expect(at({ position: 3, inClass: 2 }, 1e6)).toBe(1_008_722);
});

test('its deadline at the latest', () => {
  expect(at({ position: 3, inClass: 2 }, 0, 1_005_000)).toBe(1_005_000);
});
