import { array, assert, integer, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TenantId } from '../id/name.ts';
import { MOST_BLOCKS, prefixHashes } from './prefix-hashes.ts';

const acme = 'acme' as TenantId;
/** Blocks of two tokens are eight units long. */
const TWO_TOKENS = 2;

/** Any UTF-16 units at all, halves of surrogate pairs included. */
const piece = array(integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) =>
  String.fromCharCode(...units),
);

describe('the hashes of a prompt', () => {
  test('only whole blocks have one', () => {
    expect(prefixHashes(acme, ['1234567'], TWO_TOKENS)).toHaveLength(0);
    expect(prefixHashes(acme, ['12345678'], TWO_TOKENS)).toHaveLength(1);
    expect(prefixHashes(acme, ['12345678 234567'], TWO_TOKENS)).toHaveLength(1);
    expect(prefixHashes(acme, ['1234', '5678'], TWO_TOKENS)).toHaveLength(1);
    expect(prefixHashes(acme, [], TWO_TOKENS)).toEqual([]);
    expect(prefixHashes(acme, ['', '', ''], TWO_TOKENS)).toEqual([]);
  });

  test('prompts share the hashes of their common beginning, and none after it', () => {
    assert(
      property(array(piece), piece, piece, piece, (common, next, one, other) => {
        const first = prefixHashes(acme, [...common, `${next}1${one}`], TWO_TOKENS, Infinity);
        const second = prefixHashes(acme, [...common, `${next}2${other}`], TWO_TOKENS, Infinity);
        const units = common.join('').length + next.length;
        const shared = Math.floor(units / 8);
        expect(first.slice(0, shared)).toEqual(second.slice(0, shared));
        expect(first.filter((hash, index) => hash === second[index])).toHaveLength(shared);
      }),
    );
  });

  test('what follows a prompt does not change its hashes', () => {
    assert(
      property(array(string({ maxLength: 40 })), array(string({ maxLength: 40 })), (prompt, more) => {
        const before = prefixHashes(acme, prompt, TWO_TOKENS);
        expect(prefixHashes(acme, [...prompt, ...more], TWO_TOKENS).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  test('two tenants share nothing, though their prompts are the same', () => {
    const prompt = ['You answer in one word. '.repeat(20)];
    const ours = prefixHashes(acme, prompt, TWO_TOKENS);
    const theirs = prefixHashes('acme2' as TenantId, prompt, TWO_TOKENS);
    expect(ours).toHaveLength(60);
    expect(new Set([...ours, ...theirs]).size).toBe(120);
  });

  test('where a piece begins is part of the text, and no text looks like it', () => {
    const prompts = [
      ['12345678'],
      ['1234', '5678'],
      ['', '12345678'],
      ['1234\u0000', '678'],
      ['1234', '\u0000678'],
    ];
    const hashes = prompts.map((prompt) => prefixHashes(acme, prompt, TWO_TOKENS)[0]);
    expect(new Set(hashes).size).toBe(prompts.length);
  });

  test('a prompt that repeats itself has a new hash for each block', () => {
    const hashes = prefixHashes(acme, ['x'.repeat(8 * MOST_BLOCKS)], TWO_TOKENS);
    expect(new Set(hashes).size).toBe(MOST_BLOCKS);
  });

  test('no more blocks are told than were asked for, and nothing behind them is read', () => {
    const read: number[] = [];
    function* pieces(): Generator<string> {
      for (let index = 0; index < 100; index += 1) {
        read.push(index);
        yield '12345678';
      }
    }
    expect(prefixHashes(acme, pieces(), TWO_TOKENS, 3)).toHaveLength(3);
    expect(read).toEqual([0, 1, 2]);
    expect(prefixHashes(acme, pieces(), TWO_TOKENS, 0)).toEqual([]);
    expect(prefixHashes(acme, ['x'.repeat(1000)], TWO_TOKENS)).toHaveLength(MOST_BLOCKS);
  });

  test('hostile prompts are answered: lone surrogates, a megabyte, a block of nothing', () => {
    const lone = prefixHashes(acme, ['\ud800'.repeat(16)], TWO_TOKENS);
    const other = prefixHashes(acme, ['\udc00'.repeat(16)], TWO_TOKENS);
    expect(lone).toHaveLength(2);
    expect(lone).not.toEqual(other);
    expect(prefixHashes(acme, ['\u{1f600}'.repeat(500_000)], 512)).toHaveLength(MOST_BLOCKS);
    expect(prefixHashes(acme, ['ab'], 0)).toHaveLength(2);
  });

  test('every hash is an integer below 2^53', () => {
    assert(
      property(array(piece), integer({ min: 1, max: 4 }), (prompt, blockTokens) => {
        for (const hash of prefixHashes(acme, prompt, blockTokens)) {
          expect(Number.isSafeInteger(hash)).toBe(true);
          expect(hash).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
