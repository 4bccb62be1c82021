import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { DocumentProblem } from '../document.ts';
import { docxFile } from '../testing/docx-file.ts';
import { bombDocx } from '../testing/hostile-docx.ts';
import { deflatedPdf, nestedFormsPdf } from '../testing/hostile-pdf.ts';
import { createExtractor, type SourceDocument } from './create-extractor.ts';

const never = new AbortController().signal;
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const folder = mkdtempSync(join(tmpdir(), 'extract-'));

const patient = createExtractor({ threads: 2, timeoutMs: 20_000, maxMemoryMb: 96, maxTextChars: 100_000 });
/** Of one thread, so that each document is read by the one the document before left behind. */
const hasty = createExtractor({ threads: 1, timeoutMs: 400, maxMemoryMb: 4096, maxTextChars: 100_000 });

afterAll(async () => {
  await Promise.all([patient.close(), hasty.close()]);
  rmSync(folder, { recursive: true });
});

async function outcome(
  document: SourceDocument,
  extractor = patient,
): Promise<DocumentProblem['code'] | 'read'> {
  const result = await extractor.extract(document, { signal: never });
  return result.ok ? 'read' : result.error.code;
}

describe('what is read', () => {
  test('bytes, which are handed over', async () => {
    const bytes = utf8('Hello');
    expect(await patient.extract({ name: 'a.txt', bytes }, { signal: never })).toEqual({
      ok: true,
      value: {
        text: 'Hello',
        format: 'txt',
        sha256: '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',
      },
    });
    expect(bytes.length).toBe(0);
  });

  test('bytes within a larger buffer, which stays as it is', async () => {
    const whole = utf8('before Hello after');
    const result = await patient.extract({ name: 'a.txt', bytes: whole.subarray(7, 12) }, { signal: never });
    expect(result).toMatchObject({ ok: true, value: { text: 'Hello' } });
    expect(await outcome({ name: 'a.txt', bytes: Buffer.from('Hello') })).toBe('read');
    expect(whole.length).toBe(18);
  });

  test('a file and a stream', async () => {
    const path = join(folder, 'a.docx');
    writeFileSync(path, docxFile(['In a file']));
    expect(await patient.extract({ name: 'a.docx', path }, { signal: never })).toMatchObject({
      ok: true,
      value: { text: 'In a file', format: 'docx' },
    });
    expect(await patient.extract({ name: 'a.md', stream: twoChunks() }, { signal: never })).toMatchObject({
      ok: true,
      value: { text: '# In a stream', format: 'md' },
    });
  });
});

describe('what is refused', () => {
  test.each<[DocumentProblem['code'], string, () => Uint8Array]>([
    ['too-complex', 'bomb.docx', () => bombDocx(20)],
    ['too-complex', 'deep.json', () => utf8('['.repeat(5000) + ']'.repeat(5000))],
    ['too-large', 'wide.json', () => utf8(`[${'[],'.repeat(3_000_000)}1]`)],
    ['out-of-memory', 'forms.pdf', nestedFormsPdf],
    ['out-of-memory', 'long.html', () => utf8('<p>x</p>'.repeat(4_000_000))],
    ['out-of-memory', 'deflated.pdf', () => deflatedPdf(150)],
    ['too-large', 'long.txt', () => utf8('a'.repeat(100_001))],
    ['malformed', 'cut.docx', () => docxFile(['a']).slice(0, 200)],
  ])('%s: %s, and the thread that read it, or its successor, reads on', async (code, name, bytes) => {
    expect(await outcome({ name, bytes: bytes() })).toBe(code);
    expect(await outcome({ name: 'a.txt', bytes: utf8('Hello') })).toBe('read');
  });

  test('what one document leaves behind does not count against the next', async () => {
    const limits = { threads: 1, timeoutMs: 20_000, maxMemoryMb: 96, maxTextChars: 10_000_000 };
    const extractor = createExtractor(limits);
    for (let round = 0; round < 2; round += 1) {
      const bytes = utf8(`[${'[1],'.repeat(600_000)}1]`);
      expect(await outcome({ name: 'a.json', bytes }, extractor)).toBe('read');
    }
    await extractor.close();
  });

  test('timed-out: what never ends, while others go on and the thread is replaced', async () => {
    expect(await outcome({ name: 'a.txt', bytes: utf8('Hello') }, hasty)).toBe('read');
    const endless = outcome({ name: 'endless.pdf', bytes: nestedFormsPdf() }, hasty);
    const behind = outcome({ name: 'b.txt', bytes: utf8('Hello') }, hasty);
    expect(await outcome({ name: 'beside.txt', bytes: utf8('Hello') })).toBe('read');
    expect(await endless).toBe('timed-out');
    expect(await behind).toBe('read');
  });

  test('timed-out: a stream that stops, and its source is told', async () => {
    const told = Promise.withResolvers<void>();
    const stream: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => new Promise(() => undefined),
        return: async () => {
          told.resolve();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    expect(await outcome({ name: 'a.txt', stream }, hasty)).toBe('timed-out');
    await told.promise;
  });

  test('too-large: a stream without an end, of which no more is taken than may be', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let taken = 0;
    const stream = (async function* endless() {
      for (;;) {
        taken += 1;
        yield await Promise.resolve(chunk);
      }
    })();
    expect(await outcome({ name: 'a.txt', stream })).toBe('too-large');
    expect(taken).toBe(65);
  });

  test('unreadable: a missing file, a folder, a device without an end', async () => {
    for (const path of [join(folder, 'missing'), folder, '/dev/zero']) {
      expect(await outcome({ name: 'a.txt', path })).toBe('unreadable');
    }
  });
});

describe('what is given up', () => {
  test('a document being read, and one that waits, reject with the reason of their signal', async () => {
    const stop = new AbortController();
    const reading = hasty.extract(
      { name: 'a.pdf', stream: stuckAfter(() => stop.abort(new Error('enough'))) },
      { signal: stop.signal },
    );
    const waiting = hasty.extract({ name: 'b.txt', bytes: utf8('b') }, { signal: stop.signal });
    await expect(reading).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect(await outcome({ name: 'c.txt', bytes: utf8('c') }, hasty)).toBe('read');
  });

  test('everything, when the extractor is closed', async () => {
    const extractor = createExtractor({ threads: 1, timeoutMs: 20_000, maxMemoryMb: 96, maxTextChars: 1000 });
    const fetching = Promise.withResolvers<void>();
    const reading = extractor.extract(
      { name: 'a.pdf', stream: stuckAfter(() => fetching.resolve()) },
      { signal: never },
    );
    await fetching.promise;
    await Promise.all([expect(reading).rejects.toThrow('the extractor is closed'), extractor.close()]);
    await expect(extractor.extract({ name: 'a.txt', bytes: utf8('a') }, { signal: never })).rejects.toThrow(
      'the extractor is closed',
    );
  });

  test('nothing, when a document is read and its signal ends later', async () => {
    const stop = new AbortController();
    const result = await patient.extract({ name: 'a.txt', bytes: utf8('a') }, { signal: stop.signal });
    stop.abort();
    expect(result.ok).toBe(true);
    expect(await outcome({ name: 'b.txt', bytes: utf8('b') })).toBe('read');
  });
});

/** A stream that gives the word when it is asked, and then nothing. */
async function* stuckAfter(asked: () => void): AsyncGenerator<Uint8Array> {
  asked();
  yield await new Promise<Uint8Array>(() => undefined);
}

async function* twoChunks(): AsyncGenerator<Uint8Array> {
  yield utf8('# In ');
  yield await Promise.resolve(utf8('a stream'));
}
