import { expect, test } from 'vitest';
import { readLines } from './read-lines.ts';

const LIMITS = { maxLineBytes: 40, idleMs: 5000 };
const streamOf = (...chunks: Uint8Array[]): ReadableStream<Uint8Array> => ReadableStream.from(chunks);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('lines survive chunks that are cut anywhere, inside a character too', async () => {
  const whole = bytes('{"a":"é€😀"}\n\n{"b":2}\r\nlast');
  for (let size = 1; size <= whole.length; size += 1) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
    expect(await Array.fromAsync(readLines(streamOf(...chunks), LIMITS))).toEqual([
      '{"a":"é€😀"}',
      '{"b":2}',
      'last',
    ]);
  }
});

test('a line longer than the limit ends the reading, finished or not', async () => {
  const finished = readLines(streamOf(bytes(`${'x'.repeat(41)}\n`)), LIMITS);
  const endless = readLines(streamOf(bytes('x'.repeat(30)), bytes('x'.repeat(30))), LIMITS);
  await expect(Array.fromAsync(finished)).rejects.toMatchObject({ code: 'unexpected-answer' });
  await expect(Array.fromAsync(endless)).rejects.toMatchObject({ code: 'unexpected-answer' });
});

test('silence is bounded', async () => {
  const silent = new ReadableStream<Uint8Array>();
  const reading = Array.fromAsync(readLines(silent, { ...LIMITS, idleMs: 5 }));
  await expect(reading).rejects.toMatchObject({ code: 'timed-out' });
});

test('an aborted reading rejects with its reason and lets go of the stream', async () => {
  const controller = new AbortController();
  const { promise: cancelled, resolve } = Promise.withResolvers<string>();
  const open = new ReadableStream<Uint8Array>({ cancel: () => resolve('cancelled') });
  const reading = Array.fromAsync(readLines(open, { ...LIMITS, signal: controller.signal }));
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  expect(await cancelled).toBe('cancelled');
});
