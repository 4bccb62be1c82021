import { unexpected } from './read-problem.ts';
import { SpillwayError } from './spillway-error.ts';

export interface ReadLinesOptions {
  /** A longer line ends the reading with an error: nobody fills our memory with one line. */
  readonly maxLineBytes: number;
  /** The longest silence between two chunks. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The lines of a UTF-8 stream as they come, without their line ends; empty lines are left out. */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  { maxLineBytes, idleMs, signal }: ReadLinesOptions,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const take = (last: Uint8Array): string => {
    const line = decode([...pending, last]);
    pending = [];
    pendingBytes = 0;
    return line;
  };
  try {
    for (;;) {
      const { done, value: chunk } = await readWithin(reader, idleMs, signal);
      if (done) break;
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        if (pendingBytes + end - from > maxLineBytes) throw tooLong(maxLineBytes);
        const line = take(chunk.subarray(from, end));
        from = end + 1;
        if (line !== '') yield line;
      }
      const rest = chunk.subarray(from);
      pendingBytes += rest.byteLength;
      if (pendingBytes > maxLineBytes) throw tooLong(maxLineBytes);
      if (rest.byteLength > 0) pending.push(rest);
    }
    const last = take(new Uint8Array());
    if (last !== '') yield last;
  } finally {
    // a reader that failed has nothing left to cancel
    await reader.cancel().catch(() => undefined);
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idleMs: number,
  signal: AbortSignal | undefined,
): Promise<{ done: true; value?: undefined } | { done: false; value: Uint8Array }> {
  signal?.throwIfAborted();
  const stop = Promise.withResolvers<never>();
  const onAbort = (): void => {
    stop.reject(signal?.reason as Error);
  };
  const timer = setTimeout(() => {
    const detail = `the stream of results was silent for ${Math.round(idleMs / 1000)} s`;
    stop.reject(new SpillwayError({ code: 'timed-out', detail }));
  }, idleMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const { done, value } = await Promise.race([reader.read(), stop.promise]);
    return done || value === undefined ? { done: true } : { done: false, value };
  } catch (error) {
    if (error instanceof SpillwayError) throw error;
    signal?.throwIfAborted();
    const detail = 'the connection was lost while results were being read';
    throw new SpillwayError({ code: 'unreachable', detail, cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function decode(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch (error) {
    throw unexpected('a line of its results is not UTF-8', undefined, undefined, error);
  }
}

const tooLong = (maxLineBytes: number): SpillwayError =>
  unexpected(`a line of its results is longer than ${maxLineBytes} bytes`);
