import { expect, test } from 'vitest';
import { lengthError } from './length-error.ts';

test('an answer is shorter or longer than predicted, and one of just that length long by nothing', () => {
  expect(lengthError(15, 3)).toEqual({ direction: 'short', tokens: 12 });
  expect(lengthError(15, 20)).toEqual({ direction: 'long', tokens: 5 });
  expect(lengthError(15, 15)).toEqual({ direction: 'long', tokens: 0 });
});

test('nothing is said of an answer that nobody predicted, or whose tokens nobody counted', () => {
  expect(lengthError(undefined, 20)).toBeUndefined();
  expect(lengthError(15, 0)).toBeUndefined();
});
