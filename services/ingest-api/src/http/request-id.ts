import { randomUUID } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { faceOf } from './face.ts';

const NAME = 'requestId';

/**
 * The id of a request, the same whenever it is asked for: a client quotes it, and the log of a failure has it too. Both
 * SDKs show it with what they were answered.
 */
export function requestIdOf(context: Context): string {
  const known: unknown = context.get(NAME);
  if (typeof known === 'string') return known;
  const id = `req_${randomUUID().replaceAll('-', '')}`;
  context.set(NAME, id);
  return id;
}

/** The header that the face's SDK reads it from. */
export const requestIdHeader = (context: Context): Readonly<Record<string, string>> => ({
  [faceOf(context.req.path) === 'anthropic' ? 'request-id' : 'x-request-id']: requestIdOf(context),
});

/** Gives every answer of a face that is not ours its id; ours has one with problems alone, which costs its jobs nothing. */
export const sendRequestId: MiddlewareHandler = (context, next) => {
  if (faceOf(context.req.path) !== 'native') {
    for (const [name, value] of Object.entries(requestIdHeader(context))) context.header(name, value);
  }
  return next();
};
