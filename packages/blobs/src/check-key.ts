import { parseName } from '@spillway/core';
import type { BlobKey, BlobPrefix } from './blob-store.ts';

/** Throws for a key that is not legal: paths are ours, so that is a bug. */
export function checkKey({ tenantId, path }: BlobKey): void {
  if (!parseName('TenantId', tenantId).ok) throw new Error('a blob key needs a well-formed tenant');
  if (path.length > MAX_PATH || !PATH.test(path))
    throw new Error(`not a legal blob path: ${path.slice(0, 600)}`);
}

/** As `checkKey`, but the empty path is legal: all of the tenant's. */
export function checkPrefix(prefix: BlobPrefix): void {
  checkKey(prefix.path === '' ? { ...prefix, path: 'all' } : prefix);
}

const MAX_PATH = 512;

/** A segment stays below the 255 bytes a file name may have. */
const SEGMENT = String.raw`(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,200}`;
const PATH = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);
