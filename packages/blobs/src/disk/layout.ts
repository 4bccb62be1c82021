import { dirname, join, resolve } from 'node:path';
import type { TenantId } from '@spillway/core';
import type { BlobKey } from '../blob-store.ts';

/** Where everything stands in the store's folder. */
export interface Layout {
  /** A folder for each tenant. */
  readonly blobs: string;
  /** Files being written, in the same file system, so that a rename publishes them. */
  readonly writing: string;
  tenant(tenantId: TenantId): string;
  blob(key: BlobKey): string;
}

/** Lays the store out in one folder. */
export function layOut(folder: string): Layout {
  const blobs = join(resolve(folder), 'blobs');
  return {
    blobs,
    writing: join(resolve(folder), 'writing'),
    tenant: (tenantId) => join(blobs, tenantId),
    blob: ({ tenantId, path }) => join(blobs, tenantId, `${path}${BLOB_MARK}`),
  };
}

/** Ends a blob's file name, and no path may hold it: the blob `a` can stand beside the folder of `a/b`. */
export const BLOB_MARK = '~';

/** The folders above a file, nearest first, up to and without `top`. */
export function foldersAbove(file: string, top: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); folder.length > top.length; folder = dirname(folder)) folders.push(folder);
  return folders;
}
