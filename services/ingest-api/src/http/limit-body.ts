import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from './problem.ts';

/** Refuses a body of more than `mostBytes`, also one that does not say its length, before anything reads it. */
export function limitBody(mostBytes: (context: Context) => number): MiddlewareHandler {
  return async (context, next) => {
    const maxSize = mostBytes(context);
    const limit = bodyLimit({
      maxSize,
      onError: () => {
        throw new Problem('request-too-large', `the body may have at most ${maxSize} bytes`);
      },
    });
    try {
      return await limit(context, next);
    } catch (error) {
      if (error instanceof Problem) throw error;
      // What a route throws never comes by here: only the reading of a body can fail, by the client's hand.
      throw bodyCutShort(error);
    }
  };
}

/** For a client that went away while it was sending: nobody reads this answer, and the log need not call it a bug. */
export const bodyCutShort = (cause: unknown): Problem =>
  new Problem('invalid-request', 'the body ended before it was whole', {}, cause);
