import type { MiddlewareHandler } from 'hono';
import { bodyCutShort } from './limit-body.ts';
import { Problem } from './problem.ts';

/**
 * Refuses a multipart body of more parts than a route can want, by counting its boundaries: as objects, the 400,000
 * empty files that fit into 32 MiB take 2.6 s to build and 600 MB to hold.
 */
export function limitParts(mostParts: () => number): MiddlewareHandler {
  return async (context, next) => {
    const boundary = boundaryOf(context.req.header('content-type') ?? '');
    if (boundary !== undefined) {
      const most = mostParts();
      const body = await context.req.arrayBuffer().catch((error: unknown) => {
        throw bodyCutShort(error);
      });
      if (hasMoreParts(Buffer.from(body), boundary, most)) {
        throw new Problem('request-too-large', `the body may have at most ${most} parts`);
      }
    }
    await next();
  };
}

const boundaryOf = (contentType: string): string | undefined => {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
};

function hasMoreParts(body: Buffer, boundary: string, most: number): boolean {
  const delimiter = `--${boundary}`;
  // The last boundary closes the body and begins no part.
  let left = most + 1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    left -= 1;
    if (left < 0) return true;
  }
  return false;
}
