import { createHash } from 'node:crypto';

/** SHA-256 of bytes, or of a value's JSON, in hex. */
export const digest = (value: Uint8Array | readonly unknown[]): string =>
  createHash('sha256')
    .update(value instanceof Uint8Array ? value : JSON.stringify(value))
    .digest('hex');
