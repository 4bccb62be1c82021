import { expect, test } from 'vitest';
import { shareWindow } from './share-window.ts';

const limits = { lines: 1000, totalLines: 4000 };

test('a batch has its own window as long as all of them fit into what the cell has', () => {
  expect([0, 1, 4].map((running) => shareWindow(limits, running))).toEqual([1000, 1000, 1000]);
});

test('more batches than that share it, so that memory is bounded by the cell', () => {
  expect([5, 8, 100].map((running) => shareWindow(limits, running))).toEqual([800, 500, 40]);
});

test('however many there are, each has some lines: none stands still', () => {
  expect([126, 4001, 1_000_000].map((running) => shareWindow(limits, running))).toEqual([32, 32, 32]);
});

test('nobody has more than the window of one batch, however small', () => {
  expect([1, 1000].map((running) => shareWindow({ lines: 10, totalLines: 4000 }, running))).toEqual([10, 10]);
});
