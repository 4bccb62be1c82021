import type { ByteRange } from './blob-store.ts';

/** The part of a blob of `bytes` that a range means; empty where they do not meet. */
export function clipRange(
  range: ByteRange | undefined,
  bytes: number,
): { readonly start: number; readonly end: number } {
  const start = Math.min(Math.max(0, range?.start ?? 0), bytes);
  return { start, end: Math.max(start, Math.min(range?.end ?? bytes, bytes)) };
}
