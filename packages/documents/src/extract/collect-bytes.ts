import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isMarkedAsUntransferable } from 'node:worker_threads';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse } from '../document.ts';
import type { SourceDocument } from './create-extractor.ts';

interface CollectOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Bytes = Result<Uint8Array<ArrayBuffer>, DocumentProblem>;

/** Fetches a document whole into a buffer of its own, which can be transferred; more than `maxBytes` are not fetched. */
export async function collectBytes(document: SourceDocument, options: CollectOptions): Promise<Bytes> {
  if ('bytes' in document) return ownBuffer(document.bytes, options.maxBytes);
  if ('stream' in document) return collect(document.stream, options);
  try {
    // Only a regular file has an end: opening a pipe may wait for ever, and a device may never end.
    const file = await stat(document.path);
    if (!file.isFile()) return refuse('unreadable', 'is not a regular file');
    if (file.size > options.maxBytes) return tooLarge(options.maxBytes);
    return await collect(createReadStream(document.path), options);
  } catch (error) {
    options.signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return refuse('unreadable', `the file could not be read (${code})`);
  }
}

function ownBuffer(bytes: Uint8Array, maxBytes: number): Bytes {
  if (bytes.length > maxBytes) return tooLarge(maxBytes);
  const { buffer } = bytes;
  const isWhole =
    buffer instanceof ArrayBuffer &&
    buffer.byteLength === bytes.byteLength &&
    !buffer.detached &&
    !isMarkedAsUntransferable(buffer);
  return ok(isWhole ? new Uint8Array(buffer) : Uint8Array.from(bytes));
}

async function collect(
  stream: AsyncIterable<Uint8Array>,
  { maxBytes, timeoutMs, signal }: CollectOptions,
): Promise<Bytes> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const stopped = AbortSignal.any([signal, timeout]);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const chunksOfStream = stream[Symbol.asyncIterator]();
  const stop = Promise.withResolvers<never>();
  const giveUp = (): void => stop.reject(stopped.reason as Error);
  if (stopped.aborted) giveUp();
  stopped.addEventListener('abort', giveUp);
  try {
    for (;;) {
      const next = await Promise.race([chunksOfStream.next(), stop.promise]);
      if (next.done === true) return ok(joined(chunks, length));
      length += next.value.length;
      if (length > maxBytes) return tooLarge(maxBytes);
      chunks.push(next.value);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    return refuse('timed-out', `did not arrive within ${timeoutMs / 1000} s; send it again`);
  } finally {
    stopped.removeEventListener('abort', giveUp);
    // Not waited for: a stream that never answers does not answer to this either.
    void Promise.resolve(chunksOfStream.return?.()).catch(() => undefined);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const tooLarge = (maxBytes: number) => refuse('too-large', `above ${maxBytes} bytes`);
