import type { BlobStoreSettings } from './create-blob-store.ts';

/** `storage` of the configuration, as far as a blob store needs it: written out, so that this package depends on no schema. */
type Storage =
  | { readonly kind: 'disk'; readonly folder?: string | undefined }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly prefix?: string | undefined;
      readonly region?: string | undefined;
      readonly endpoint?: string | undefined;
      readonly force_path_style: boolean;
      readonly access_key_id?: string | undefined;
      readonly secret_access_key?: string | undefined;
    };

/** The store that the configuration names; on a disk, in `blobFolder` where it names no folder. */
export function blobSettingsOf(storage: Storage, blobFolder: string): BlobStoreSettings {
  if (storage.kind === 'disk') return { kind: 'disk', folder: storage.folder ?? blobFolder };
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = storage;
  return {
    kind: 's3',
    bucket: storage.bucket,
    prefix: storage.prefix,
    region: storage.region,
    endpoint: storage.endpoint,
    forcePathStyle: storage.force_path_style,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey },
  };
}
