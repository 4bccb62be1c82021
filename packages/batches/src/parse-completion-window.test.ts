import { expect, test } from 'vitest';
import { parseCompletionWindow } from './parse-completion-window.ts';

test.each([
  ['24h', 86_400_000],
  ['1m', 60_000],
  ['90m', 5_400_000],
  ['2h', 7_200_000],
  ['14d', 1_209_600_000],
  ['336h', 1_209_600_000],
  ['20160m', 1_209_600_000],
])('%s is a window of %i ms', (text, windowMs) => {
  expect(parseCompletionWindow(text)).toBe(windowMs);
});

test.each([
  '',
  '0m',
  '15d',
  '337h',
  '20161m',
  '1.5h',
  '-1h',
  '24',
  'h',
  '24H',
  ' 24h',
  '24h\n',
  '1w',
  '1e3m',
])('%j is no window', (text) => {
  expect(parseCompletionWindow(text)).toBeUndefined();
});
