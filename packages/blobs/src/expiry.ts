import type { BlobInfo } from './blob-store.ts';

/** A blob is hidden from the instant of its expiry on. */
export const hasExpired = ({ expiresAtMs }: BlobInfo, nowMs: number): boolean =>
  expiresAtMs !== undefined && expiresAtMs <= nowMs;

/** What a writer left that has not moved for this long is taken for dead. */
export const DEAD_AFTER_MS = 24 * 3_600_000;
