import { describe, expect, test } from 'vitest';
import { createPrefixHash } from './prefix-hash.ts';

const TEXTS = 20_000;

describe('the hash of a prefix', () => {
  test('is a 53-bit integer, the same for the same words', () => {
    for (const text of ['', 'a', 'ab', '\u{1f600}', '\ud800']) {
      expect(hashOf(text)).toBe(hashOf(text));
      expect(Number.isSafeInteger(hashOf(text))).toBe(true);
      expect(hashOf(text)).toBeGreaterThanOrEqual(0);
    }
  });

  test('says how much it took in, and every unit of it', () => {
    const texts = ['', '\0', '\0\0', 'ab', 'ba', 'a', 'b', '\ud800', '\udfff', '\ufffd'];
    expect(new Set(texts.map(hashOf)).size).toBe(texts.length);
  });

  test('spreads similar texts evenly: each bit is set in half of them', () => {
    const set = Array.from({ length: 53 }, () => 0);
    for (let index = 0; index < TEXTS; index += 1) {
      const hash = hashOf(`text ${index}`);
      for (let bit = 0; bit < 53; bit += 1) set[bit] = (set[bit] ?? 0) + (Math.floor(hash / 2 ** bit) % 2);
    }
    for (const count of set) expect(Math.abs(count / TEXTS - 0.5)).toBeLessThan(0.02);
  });

  test('a text that differs by one bit has a hash that differs in half of them', () => {
    const flipped = Array.from({ length: 53 }, () => 0);
    for (let index = 0; index < TEXTS; index += 1) {
      const [hash, other] = [hashOf(`${index}a and more`), hashOf(`${index}c and more`)];
      for (let bit = 0; bit < 53; bit += 1) {
        const differs = Math.floor(hash / 2 ** bit) % 2 !== Math.floor(other / 2 ** bit) % 2;
        flipped[bit] = (flipped[bit] ?? 0) + Number(differs);
      }
    }
    for (const count of flipped) expect(Math.abs(count / TEXTS - 0.5)).toBeLessThan(0.02);
  });
});

function hashOf(text: string): number {
  const hash = createPrefixHash();
  hash.addText(text, 0, text.length);
  return hash.value();
}
