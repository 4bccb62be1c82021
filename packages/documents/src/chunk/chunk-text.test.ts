import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateTokens } from '@spillway/core';
import { chunkText } from './chunk-text.ts';

const chunks = (text: string, maxTokens: number): readonly string[] =>
  chunkText(text, { maxTokens, estimate: estimateTokens });
/** One token each, so that limits can be counted. */
const byLength = (text: string, maxTokens: number): readonly string[] =>
  chunkText(text, { maxTokens, estimate: ({ length }) => length });

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n\n', '\n', '. ', ' ', '。', '！', '? ', '\u200d', '\t', '\u00a0'),
      fc.lorem({ maxCount: 12, mode: 'sentences' }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('漢字かな交じり文です。', 'สวัสดีชาวโลก', '👩‍👩‍👧‍👦🏳️‍🌈', 'नमस्ते दुनिया। ', 'مرحبا بالعالم؟ '),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('whatever the text', () => {
  test('nothing but blanks is lost, nothing is doubled, and the order stays', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (given, maxTokens) => {
        expect(chunks(given, maxTokens).join('').replaceAll(/\s/gu, '')).toBe(given.replaceAll(/\s/gu, ''));
      }),
    );
  });

  test('no chunk is above the limit, and none is blank', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (given, maxTokens) => {
        for (const chunk of chunks(given, maxTokens)) {
          expect(estimateTokens(chunk)).toBeLessThanOrEqual(maxTokens);
          expect(chunk.trim()).not.toBe('');
        }
      }),
    );
  });

  test('no code point is parted', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (given, maxTokens) => {
        expect(chunks(given, maxTokens).every((chunk) => chunk.isWellFormed())).toBe(given.isWellFormed());
      }),
    );
  });
});

describe('a chunk ends', () => {
  test.each<[string, string, number, readonly string[]]>([
    ['not before it must', 'One.\n\nTwo.', 10, ['One.\n\nTwo.']],
    ['at the last paragraph that fits', 'One. A.\n\nTwo.\n \nThree.', 16, ['One. A.\n\nTwo.', 'Three.']],
    ['at a paragraph that just fits', 'One. A.\n\nTwo. B.', 7, ['One. A.', 'Two. B.']],
    ['else at a line', 'a,b. c\n1,2. 3\n4,5. 6', 16, ['a,b. c\n1,2. 3', '4,5. 6']],
    ['else at a sentence', 'One is. Two (is.) Three is.', 20, ['One is. Two (is.)', 'Three is.']],
    ['not within a number', 'It is 3.14159 or so', 10, ['It is', '3.14159 or', 'so']],
    [
      'at a sentence in Japanese',
      '今日は晴れ。明日は雨」。終わり',
      11,
      ['今日は晴れ。', '明日は雨」。終わり'],
    ],
    ['at a sentence in Hindi', 'यह एक है। यह दो है।', 12, ['यह एक है।', 'यह दो है।']],
    ['at a sentence in Arabic', 'كيف الحال؟ بخير.', 12, ['كيف الحال؟', 'بخير.']],
    ['else at a word', 'alpha beta gamma', 12, ['alpha beta', 'gamma']],
    ['at a word where no blank parts them', '東京都と大阪府', 4, ['東京都と', '大阪府']],
    ['else between characters as they are seen', '👩‍👧👩‍👧', 7, ['👩‍👧', '👩‍👧']],
    ['else between code points', '👩‍👧', 4, ['👩‍', '👧']],
    ['at last after one code point', '🚚🚚', 1, ['🚚', '🚚']],
  ])('%s', (_where, given, maxTokens, expected) => {
    expect(byLength(given, maxTokens)).toEqual(expected);
  });
});

test('a text of nothing has no chunks', () => {
  expect(byLength('', 5)).toEqual([]);
  expect(byLength(' \n ', 5)).toEqual([]);
});

test('a limit below one token is a bug', () => {
  expect(() => byLength('a', 0)).toThrow(RangeError);
  expect(() => byLength('a', Number.NaN)).toThrow(RangeError);
});

test.each([
  ['blank lines', 'a\n\n'.repeat(1_300_000)],
  ['one word', 'a'.repeat(4_000_000)],
  ['full stops', '.'.repeat(4_000_000)],
  ['blanks at the end', `a${' '.repeat(4_000_000)}`],
  ['combining marks', `a${'\u0301'.repeat(2_000_000)}`],
])('a text of 4 MB of %s takes no longer than its length says', (_what, given) => {
  const startedAt = performance.now();
  expect(chunks(given, 4000).length).toBeGreaterThan(0);
  expect(performance.now() - startedAt).toBeLessThan(8000);
});
