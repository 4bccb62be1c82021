import { assertNever } from '@spillway/core';
import type { BlobStore } from './blob-store.ts';
import { createDiskBlobStore, type DiskSettings } from './disk/disk-blob-store.ts';
import type { S3Settings } from './s3/s3-client.ts';

export type BlobStoreSettings =
  | ({ readonly kind: 'disk' } & DiskSettings)
  | ({ readonly kind: 's3' } & S3Settings);

/** Opens the store that the settings name; nothing is read or made before its first call. */
export async function createBlobStore(settings: BlobStoreSettings): Promise<BlobStore> {
  switch (settings.kind) {
    case 'disk':
      return createDiskBlobStore(settings);
    case 's3': {
      // its client takes a while and some 40 MB to load: only for those who use it
      const { createS3BlobStore } = await import('./s3/s3-blob-store.ts');
      return createS3BlobStore(settings);
    }
    default:
      return assertNever(settings);
  }
}
