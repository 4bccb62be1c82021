import { openTestBlobStore } from '@spillway/blobs/testing';
import {
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  nat,
  oneof,
  string,
  tuple,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchPaths } from '../batch-paths.ts';
import { validateInput } from '../input/validate-input.ts';
import { inChunks } from '../testing/in-chunks.ts';
import { BATCH_ID, TENANT } from '../testing/outcomes.ts';
import { createIndexWriter, readIndex } from './line-index.ts';
import { openInputLines } from './open-input-lines.ts';

const signal = new AbortController().signal;
const input = { tenantId: TENANT, path: batchPaths(BATCH_ID).input };
const index = { tenantId: TENANT, path: batchPaths(BATCH_ID).index };

describe('the index of an input', () => {
  test('any window of lines is read back as it stands in the input', async () => {
    await using store = await openTestBlobStore();
    const { blobs } = store;
    const property = asyncProperty(
      array(tuple(string({ unit: 'grapheme', maxLength: 30 }), constantFrom('\n', '\r\n')), {
        minLength: 1,
        maxLength: 20,
      }),
      boolean(),
      nat(22),
      // Beyond a window, the index is not asked where it ends.
      oneof(nat(22), constant(10_000)),
      async (names, mark, from, count) => {
        const lines = names.map(([name], line) => JSON.stringify({ custom_id: `d-${line}`, name }));
        const text = lines.map((line, at) => `${line}${names[at]?.[1] ?? ''}`).join('');
        const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text.replace(/\r?\n$/, '')}`);
        const chunks: Uint8Array[] = [];
        const verdict = await validateInput(
          inChunks(bytes, [from, count]),
          { face: 'documents', mostLines: 100, mostLineBytes: 10_000 },
          { signal, writeIndex: async (chunk) => void chunks.push(chunk) },
        );
        expect(verdict).toEqual({ kind: 'valid', total: lines.length, models: [] });
        await blobs.write(input, [bytes], { signal });
        await blobs.write(index, chunks, { signal });
        const opened = await openInputLines(blobs, { input, index }, { from, count, signal });
        const read = opened === undefined ? undefined : await Array.fromAsync(opened);
        expect(read).toEqual(lines.map((line, at) => ({ line: at, text: line })).slice(from, from + count));
      },
    );
    await assert(property, { numRuns: 40 });
  });

  test('entries of a large file keep all their bits, and blocks go out as they fill', async () => {
    await using store = await openTestBlobStore();
    const chunks: Uint8Array[] = [];
    const writer = createIndexWriter(async (chunk) => void chunks.push(chunk));
    const offsets = Array.from({ length: 20_000 }, (_, line) => line * 2_000_000_001);
    for (const offset of offsets) {
      writer.add(offset);
      if (writer.isFull) await writer.flush();
    }
    await writer.flush();
    expect(chunks.map(({ byteLength }) => byteLength)).toEqual([65_536, 65_536, 28_928]);
    await store.blobs.write(index, chunks, { signal });
    const read = (line: number, count: number) => readIndex(store.blobs, index, line, count, { signal });
    expect(await read(8190, 4)).toEqual(offsets.slice(8190, 8195));
    expect(await read(19_999, 10)).toEqual(offsets.slice(19_999));
    expect(await read(30_000, 1)).toEqual([]);
  });

  test('more lines than a window are read from the first on, and not one too many', async () => {
    await using store = await openTestBlobStore();
    const lines = Array.from({ length: 10_000 }, (_, line) => `{"custom_id":"d-${line}"}`);
    const text = Buffer.from(`${lines.join('\n')}\n`);
    const chunks: Uint8Array[] = [];
    const options = { signal, writeIndex: async (chunk: Uint8Array) => void chunks.push(chunk) };
    await validateInput(
      inChunks(text),
      { face: 'documents', mostLines: 10_000, mostLineBytes: 100 },
      options,
    );
    await store.blobs.write(input, [text], { signal });
    await store.blobs.write(index, chunks, { signal });
    const window = { from: 500, count: 9000, signal };
    const opened = await openInputLines(store.blobs, { input, index }, window);
    const read = opened === undefined ? [] : await Array.fromAsync(opened);
    expect(read.map((line) => line.text)).toEqual(lines.slice(500, 9500));
  });

  test('lines of an input that was deleted meanwhile are undefined', async () => {
    await using store = await openTestBlobStore();
    const window = { from: 0, count: 1, signal };
    expect(await openInputLines(store.blobs, { input, index }, window)).toBeUndefined();
    await store.blobs.write(index, [Buffer.alloc(16)], { signal });
    expect(await openInputLines(store.blobs, { input, index }, window)).toBeUndefined();
  });
});
