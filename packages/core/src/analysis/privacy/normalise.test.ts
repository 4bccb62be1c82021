import { describe, expect, test } from 'vitest';
import { normalise } from './normalise.ts';

describe('normalise', () => {
  test.each([
    ['plain text stays', 'Plain, text.\nTwo lines.', 'Plain, text.\nTwo lines.'],
    ['runs of blanks and tabs become one', 'a  \t b\tc', 'a b c'],
    [
      'wide letters and digits become narrow',
      'ＪＡＮＥ＠ｅｘａｍｐｌｅ．ｃｏｍ １２３',
      'JANE@example.com 123',
    ],
    ['invisible characters go', '4\u200b1\u200d1\u00ad1\u2060\ufeff', '4111'],
    ['blanks of any width become one blank', 'DE89\u00a03704\u2009\u30000044', 'DE89 3704 0044'],
    ['dashes and the minus become -', '1–2—3‑4−5', '1-2-3-4-5'],
    ['digits of other scripts become 0-9', '٠١٩ ۰۱۹ ०१९ ০১৯ ๐๑๙', '019 019 019 019 019'],
    ['letters and marks are composed', 'diagno\u0301stico', 'diagnóstico'],
  ])('%s', (_what, text, expected) => {
    expect(normalise(text, 1000)).toBe(expected);
  });

  test('a text longer than the bound is given up, and one that grows beyond it too', () => {
    expect(normalise('a'.repeat(1001), 1000)).toBeUndefined();
    expect(normalise('\ufdfa'.repeat(100), 1000)).toBeUndefined();
    expect(normalise('\ufdfa'.repeat(10), 1000)).toHaveLength(180);
  });

  test('no cut between slices parts a letter from its marks or halves a code point', () => {
    for (const letter of ['o\u0301', '𝟒']) {
      for (const shift of [0, 1]) {
        const text = 'é'.repeat(65_535 - shift) + letter + letter;
        expect(normalise(text, 100_000)).toBe(text.normalize('NFKC'));
      }
    }
  });
});
