import { expect, test } from 'vitest';
import { firstMistakes } from './first-mistakes.ts';

const mistakes = (count: number): string =>
  Array.from({ length: count }, (_, index) => `✖ no ${index}\n  → at key.${index}`).join('\n');

test('ten mistakes are shown as they are', () => {
  expect(firstMistakes(mistakes(10))).toBe(mistakes(10));
  expect(firstMistakes('')).toBe('');
});

test('of more, the first ten are shown with their places, and the others counted', () => {
  expect(firstMistakes(mistakes(25))).toBe(`${mistakes(10)}\nand 15 more`);
});
