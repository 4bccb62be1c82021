export type {
  BlobBody,
  BlobInfo,
  BlobKey,
  BlobPrefix,
  BlobRead,
  BlobSource,
  BlobStore,
  BlobWrite,
  ByteRange,
} from './blob-store.ts';
export { BlobStoreUnavailable } from './blob-store-unavailable.ts';
export { createBlobStore, type BlobStoreSettings } from './create-blob-store.ts';
export { createDiskBlobStore } from './disk/disk-blob-store.ts';
export { blobSettingsOf } from './settings.ts';
