import type { Config } from '@spillway/contracts';

/**
 * The most bytes that the body of a request may have, by its path; undefined for a path whose route reads the body as a
 * stream and counts for itself.
 */
export function bodyLimitOf(method: string, path: string, limits: Config['limits']): number | undefined {
  if (method === 'POST' && STREAMED.test(path)) return undefined;
  return limits.max_request_bytes;
}

const STREAMED = /^\/v1\/(?:files|uploads\/[^/]+\/parts|messages\/batches|document-batches)$/;
