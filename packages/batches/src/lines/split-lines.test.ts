import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  nat,
  pre,
  record,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inChunks } from '../testing/in-chunks.ts';
import { type Line, splitLines } from './split-lines.ts';

const split = async (source: AsyncIterable<Uint8Array>, most = 1000): Promise<readonly Line[]> =>
  (await Array.fromAsync(splitLines(source, most))).flat();

const texts = (lines: readonly Line[]): readonly string[] => lines.map(({ bytes }) => bytes.toString('utf8'));

describe('splitLines', () => {
  test('finds the same lines wherever chunks, line ends and the end of the file fall', async () => {
    const line = string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\r\n\uFEFF]/.test(text));
    const input = record({
      lines: array(tuple(line, constantFrom('\n', '\r\n')), { minLength: 1, maxLength: 12 }),
      mark: boolean(),
      endsWithLineEnd: boolean(),
      borders: array(nat(300), { maxLength: 20 }),
    });
    await assert(
      asyncProperty(input, async ({ lines, mark, endsWithLineEnd, borders }) => {
        const last = lines.at(-1)?.[0] ?? '';
        pre(endsWithLineEnd || last !== '');
        const ended = lines.map(([text, end]) => `${text}${end}`).join('');
        const body = endsWithLineEnd ? ended : ended.replace(/\r?\n$/, '');
        const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${body}`);
        const found = await split(inChunks(bytes, borders));
        expect(texts(found)).toEqual(lines.map(([text]) => text));
        // Offsets name the same lines: each begins where it says and ends where the next begins.
        found.forEach(({ start, next }, index) => {
          expect(
            bytes
              .subarray(start, next)
              .toString('utf8')
              .replace(/\r?\n$/, ''),
          ).toBe(lines[index]?.[0]);
        });
        expect(found.at(-1)?.next).toBe(bytes.length);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['', '\uFEFF'])('an empty file has no line: %j', async (content) => {
    expect(await split(inChunks(content, [1, 2]))).toEqual([]);
  });

  test('a byte order mark only counts at the beginning of the file', async () => {
    expect(texts(await split(inChunks('\uFEFFa\n\uFEFFb')))).toEqual(['a', '\uFEFFb']);
  });

  test('a blank line is a line', async () => {
    expect(texts(await split(inChunks('a\n\n\r\nb\n')))).toEqual(['a', '', '', 'b']);
  });

  test('of a line that is too long nothing is kept but its place, however it comes', async () => {
    for (const borders of [[], [5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]]) {
      const lines = await split(inChunks('abcd\r\nabcde\nab\n', borders), 4);
      expect(lines.map(({ tooLong, start, next, bytes }) => [tooLong, start, next, bytes.length])).toEqual([
        [false, 0, 6, 4],
        [true, 6, 12, 0],
        [false, 12, 15, 2],
      ]);
    }
  });

  test('a line without an end holds no more memory than the limit', async () => {
    const megabyte = Buffer.alloc(1_048_576, 'x');
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let index = 0; index < 200; index += 1) yield Buffer.from(megabyte);
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const chunk of endless()) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield chunk;
      }
    }
    const [line] = await split(watched(), 1000);
    expect(line).toMatchObject({ tooLong: true, next: 200 * 1_048_576 });
    // Garbage may stand for a while; the 200 MB may not.
    expect(most).toBeLessThan(150 * 1_048_576);
  });
});
