import type { IncomingMessage } from 'node:http';
import { bodyCutShort, tooLarge } from './limit-body.ts';
import { Problem } from './problem.ts';

export interface BodyLimits {
  readonly mostBytes: number;
  /** The longest that a client may send nothing while more is asked of it. */
  readonly idleMs: number;
  /** What answers a body of more than `mostBytes`, where that is not the usual. */
  readonly tooLong?: () => Problem;
  /** Ends the reading with its reason, also while nothing comes. */
  readonly signal?: AbortSignal;
}

/**
 * A body chunk by chunk, straight from the connection and no faster than it is taken. Throws the problem of one that is
 * too long, breaks off or stands still; the connection stays open for the answer.
 */
export async function* readBody(
  incoming: IncomingMessage,
  { mostBytes, idleMs, tooLong, signal }: BodyLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Destroyed, it would take the answer to a refused body with it.
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  let bytes = 0;
  try {
    for (;;) {
      const { done, value: chunk } = await within(idleMs, chunks.next(), signal);
      if (done === true) return;
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLong?.() ?? tooLarge(mostBytes);
      yield chunk;
    }
  } finally {
    // Frees the body, for the server to drain what is left of it; not waited for, since that may take the next chunk.
    chunks.return?.().catch(() => undefined);
  }
}

async function within<Value>(idleMs: number, next: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  const given = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    given.reject(new Problem('invalid-request', `nothing of the body came for ${idleMs / 1000} s`));
  }, idleMs);
  const onAbort = (): void => given.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    return await Promise.race([next, given.promise]);
  } catch (error) {
    if (error instanceof Problem || signal?.aborted === true) throw error;
    throw bodyCutShort(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
