import type { IncomingMessage } from 'node:http';
import { bodyCutShort, tooLarge } from './limit-body.ts';
import { Problem } from './problem.ts';

export interface BodyLimits {
  readonly mostBytes: number;
  /** The longest that a client may send nothing while more is asked of it. */
  readonly idleMs: number;
}

/**
 * A body chunk by chunk, straight from the connection and no faster than it is taken. Throws the problem of one that is
 * too long, breaks off or stands still; the connection stays open for the answer.
 */
export async function* readBody(
  incoming: IncomingMessage,
  { mostBytes, idleMs }: BodyLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Destroyed, it would take the answer to a refused body with it.
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>;
  let bytes = 0;
  for (;;) {
    const { done, value: chunk } = await within(idleMs, chunks.next());
    if (done === true) return;
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    yield chunk;
  }
}

async function within<Value>(idleMs: number, next: Promise<Value>): Promise<Value> {
  const idle = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    idle.reject(new Problem('invalid-request', `nothing of the body came for ${idleMs / 1000} s`));
  }, idleMs);
  try {
    return await Promise.race([next, idle.promise]);
  } catch (error) {
    throw error instanceof Problem ? error : bodyCutShort(error);
  } finally {
    clearTimeout(timer);
  }
}
