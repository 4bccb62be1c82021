import type { BlobBody } from './blob-store.ts';

interface BodySource {
  /** The next bytes; undefined at the end. */
  readonly pull: () => Promise<Uint8Array | undefined>;
  /** Gives the file or connection back, also while a pull is under way. */
  readonly release: () => Promise<void>;
}

/** A body that gives back what it holds when it ends, fails, is left or disposed of, and when the signal aborts. */
export function createBody({ pull, release }: BodySource, signal: AbortSignal): BlobBody {
  let released: Promise<void> | undefined;
  let begun = false;
  const close = (): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    return (released ??= release());
  };
  const onAbort = (): void => {
    // whoever reads on gets the reason of the abort
    close().catch(() => undefined);
  };
  const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    await close();
    return { done: true, value: undefined };
  };
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    signal.throwIfAborted();
    if (released) return { done: true, value: undefined };
    try {
      const value = await pull();
      signal.throwIfAborted();
      return value ? { done: false, value } : await leave();
    } catch (error) {
      await close().catch(() => undefined);
      throw signal.aborted ? signal.reason : error;
    }
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    [Symbol.asyncIterator]: () => {
      if (begun) throw new Error('a blob body can be read once');
      begun = true;
      return { next, return: leave };
    },
    [Symbol.asyncDispose]: close,
  };
}
