import { expect, test } from 'vitest';
import { pageText, type TextRun } from './page-text.ts';

const run = (str: string, y: number, more: Partial<TextRun> = {}): TextRun => ({
  str,
  width: 40,
  height: 10,
  transform: [10, 0, 0, 10, 50, y],
  hasEOL: true,
  ...more,
});

test('lines that stand further apart than lines do are paragraphs', () => {
  expect(pageText([run('a', 700), run('b', 688), run('c', 664), run('d', 652), run('e', 640)])).toBe(
    'a\nb\n\nc\nd\ne',
  );
});

test('lines as far apart as all others belong together', () => {
  expect(pageText([run('a', 700), run('b', 676), run('c', 652)])).toBe('a\nb\nc');
});

test('the next column is a paragraph of its own', () => {
  expect(pageText([run('a', 700), run('b', 688), run('c', 700), run('d', 688)])).toBe('a\nb\n\nc\nd');
});

test('a wide gap parts cells, a narrow one words', () => {
  const line = [
    run('Chair', 700, { hasEOL: false }),
    run(' ', 700, { hasEOL: false, width: 4 }),
    run('oak', 700, { hasEOL: false }),
    run(' ', 700, { hasEOL: false, width: 80 }),
    run('4', 700),
  ];
  expect(pageText(line)).toBe('Chair oak | 4');
});

test('a letter that its font does not name shows as missing', () => {
  expect(pageText([run('a\0b\u0003', 700)])).toBe('a\ufffdb\ufffd');
});

test('a page of nothing has no text', () => {
  expect(pageText([run('', 700), run(' ', 690)])).toBe('');
});
