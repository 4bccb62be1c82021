import { expect, test } from 'vitest';
import { shareWindow } from './share-window.ts';

const limits = { lines: 1000, totalLines: 4000 };
const shared = (running: number, changes = {}, own = limits): number =>
  shareWindow(own, { running, ownLines: 0, allLines: 0, ...changes });

test('a batch has its own window as long as all of them fit into what the cell has', () => {
  expect([0, 1, 4].map((running) => shared(running))).toEqual([1000, 1000, 1000]);
});

test('more batches than that share it, so that memory is bounded by the cell', () => {
  expect([5, 8, 100].map((running) => shared(running))).toEqual([800, 500, 40]);
});

test('however many there are, each has some lines: none stands still', () => {
  expect([126, 4001, 1_000_000].map((running) => shared(running))).toEqual([32, 32, 32]);
});

test('nobody has more than the window of one batch, however small', () => {
  expect([1, 1000].map((running) => shared(running, {}, { lines: 10, totalLines: 4000 }))).toEqual([10, 10]);
});

test('one that comes late gets what is free, and its share when those before it have written theirs down', () => {
  expect(shared(5, { ownLines: 0, allLines: 3700 })).toBe(300);
  expect(shared(5, { ownLines: 100, allLines: 3000 })).toBe(800);
});

test('those that stand still with all there is leave it a part of its share', () => {
  expect(shared(2, { ownLines: 0, allLines: 4000 })).toBe(125);
  expect(shared(2, { ownLines: 125, allLines: 4125 })).toBe(125);
  expect(shared(100, { ownLines: 0, allLines: 4000 })).toBe(32);
});
