import type { BlobInfo, BlobKey, BlobStore } from '@spillway/blobs';

/**
 * A blob that is pushed into, for who produces it piece by piece. It is visible once `end` resolved, and never after
 * `abort`; one of the two must be called. What the store rejects with, `write` and `end` reject with.
 */
export interface BlobWriter {
  /** Resolves when there is room for more. The chunk must not be changed any more. */
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<BlobInfo>;
  /** Resolves when nothing is left of it. After `end` it does nothing. */
  abort(): Promise<void>;
}

export interface BlobWriterOptions {
  readonly signal: AbortSignal;
  readonly expiresAtMs?: number | undefined;
}

/** Holds at most 256 KiB, and one chunk on top, that the store has not taken. */
export function openBlobWriter(blobs: BlobStore, key: BlobKey, options: BlobWriterOptions): BlobWriter {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const queue = createChunkQueue();
  const written = blobs.write(key, queue.chunks(), { signal, expiresAtMs: options.expiresAtMs });
  // The next `write` or `end` tells of it; until then nobody may be waiting.
  written.catch((error: unknown) => queue.fail(error));
  return {
    write: (chunk) => queue.put(chunk),
    end: async () => {
      queue.end();
      const result = await written;
      if (result.kind === 'too-large') throw new Error('the blob store has a limit that nobody set');
      return result.info;
    },
    abort: async () => {
      stop.abort(new Error('the blob is not wanted any more'));
      await written.catch(() => undefined);
    },
  };
}

/** Smaller chunks gather: the store hashes and copies each on its own. */
const WORTH_A_WRITE_BYTES = 65_536;
const MOST_WAITING_BYTES = 262_144;

interface QueueState {
  waiting: Uint8Array[];
  waitingBytes: number;
  ended: boolean;
  failure: { readonly error: unknown } | undefined;
  /** There is something to take. */
  filled: PromiseWithResolvers<void>;
  /** There is room again. */
  taken: PromiseWithResolvers<void>;
}

/** From a producer that pushes to a consumer that pulls. A store that is aborted leaves it where it waits. */
function createChunkQueue() {
  const state: QueueState = {
    waiting: [],
    waitingBytes: 0,
    ended: false,
    failure: undefined,
    filled: Promise.withResolvers(),
    taken: Promise.withResolvers(),
  };
  return {
    put: async (chunk: Uint8Array): Promise<void> => {
      state.waiting.push(chunk);
      state.waitingBytes += chunk.byteLength;
      if (state.waitingBytes >= WORTH_A_WRITE_BYTES) state.filled.resolve();
      while (state.waitingBytes > MOST_WAITING_BYTES && state.failure === undefined)
        await state.taken.promise;
      if (state.failure === undefined) return;
      state.waiting = [];
      throw state.failure.error;
    },
    end: (): void => {
      state.ended = true;
      state.filled.resolve();
    },
    fail: (error: unknown): void => {
      state.failure = { error };
      state.taken.resolve();
    },
    async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
      while (!state.ended || state.waiting.length > 0) {
        await state.filled.promise;
        const chunks = state.waiting;
        state.waiting = [];
        state.waitingBytes = 0;
        state.filled = Promise.withResolvers();
        state.taken.resolve();
        state.taken = Promise.withResolvers();
        yield Buffer.concat(chunks);
      }
    },
  };
}
