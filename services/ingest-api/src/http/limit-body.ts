import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Problem } from './problem.ts';

/**
 * Refuses a body of more than `mostBytes`, also one that does not say its length, before anything reads it. Undefined
 * leaves it to a route that reads its body as a stream and counts for itself.
 */
export function limitBody(mostBytes: (context: Context) => number | undefined): MiddlewareHandler {
  return (context, next) => {
    const most = mostBytes(context);
    if (most === undefined) return next();
    if (context.req.header('transfer-encoding') !== undefined) return limitStream(context, next, most);
    // Without either header there is no body (RFC 9112 §6.3), and the server takes no byte more than the length says.
    // To look at the body here would make a web stream of it, which takes as long as all the rest of an answer.
    const length = context.req.header('content-length');
    if (length !== undefined && Number(length) > most) throw tooLarge(most);
    return next();
  };
}

const limitStream = async (
  context: Context,
  next: () => Promise<void>,
  most: number,
): ReturnType<MiddlewareHandler> => {
  const limit = bodyLimit({
    maxSize: most,
    onError: () => {
      throw tooLarge(most);
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

export const tooLarge = (most: number): Problem =>
  new Problem('request-too-large', `the body may have at most ${most} bytes`);

/** For a client that went away while it was sending: nobody reads this answer, and the log need not call it a bug. */
export const bodyCutShort = (cause: unknown): Problem =>
  new Problem('invalid-request', 'the body ended before it was whole', {}, cause);
