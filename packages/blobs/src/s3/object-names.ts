import { parseName } from '@spillway/core';
import type { BlobKey } from '../blob-store.ts';

/** What the objects of a store are called. */
export interface ObjectNames {
  /** What every blob's object begins with. */
  readonly blobs: string;
  blob(key: BlobKey): string;
  /** What every mark begins with; they are listed in the order of their instants. */
  readonly marks: string;
  /** An empty object that says: look at this blob at that instant, it may have expired. */
  mark(key: BlobKey, expiresAtMs: number): string;
  parseMark(name: string): { readonly key: BlobKey; readonly expiresAtMs: number } | undefined;
}

/** Names every object below a prefix; throws for one so long that S3 could not take a name with it. */
export function nameObjects(prefix = ''): ObjectNames {
  const top = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  if (top.length > MOST_PREFIX) throw new Error(`a prefix has at most ${MOST_PREFIX} characters`);
  const marks = `${top}expiring/`;
  return {
    blobs: `${top}blobs/`,
    blob: ({ tenantId, path }) => `${top}blobs/${tenantId}/${path}`,
    marks,
    mark: ({ tenantId, path }, expiresAtMs) =>
      `${marks}${String(expiresAtMs).padStart(16, '0')}/${tenantId}/${path}`,
    parseMark: (name) => {
      const [, expiresAtMs, tenant = '', path = ''] =
        /^(\d{16})\/([^/]+)\/(.+)$/.exec(name.slice(marks.length)) ?? [];
      const tenantId = parseName('TenantId', tenant);
      return tenantId.ok
        ? { key: { tenantId: tenantId.value, path }, expiresAtMs: Number(expiresAtMs) }
        : undefined;
    },
  };
}

/** S3 takes names of 1,024 bytes: 512 go to the path, 63 to the tenant, the rest to the words between. */
const MOST_PREFIX = 400;
