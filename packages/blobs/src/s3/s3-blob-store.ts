import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { BlobStore } from '../blob-store.ts';
import { createBlockPool } from '../block-pool.ts';
import { checkKey, checkPrefix } from '../check-key.ts';
import { hasExpired } from '../expiry.ts';
import type { Bucket } from './bucket.ts';
import { blobPages, deleteObjects } from './list-objects.ts';
import { nameObjects } from './object-names.ts';
import { onS3 } from './on-s3.ts';
import { openObject, readObjectEnd } from './open-object.ts';
import { createClient, type S3Settings } from './s3-client.ts';
import { sweepBucket } from './sweep-bucket.ts';
import { uploadBlob } from './upload-blob.ts';

/** Blobs as objects of an S3 bucket, or of a service that speaks S3; the bucket must exist. */
export function createS3BlobStore(settings: S3Settings): BlobStore {
  const { bucket: name, prefix, nowMs = Date.now } = settings;
  const bucket: Bucket = { client: createClient(settings), name, objects: nameObjects(prefix) };
  const pool = createBlockPool(PART_BYTES, 3);

  return {
    write: async (key, source, options) => {
      checkKey(key);
      return uploadBlob(bucket, { pool, nowMs }, key, source, options);
    },
    read: async (key, options) => {
      checkKey(key);
      return openObject(bucket, key, options, nowMs);
    },
    stat: async (key, { signal }) => {
      checkKey(key);
      const found = await readObjectEnd(bucket, key, signal);
      return found && !hasExpired(found.info, nowMs()) ? found.info : undefined;
    },
    delete: async (key, { signal }) => {
      checkKey(key);
      signal.throwIfAborted();
      const command = new DeleteObjectCommand({ Bucket: name, Key: bucket.objects.blob(key) });
      await onS3(signal, bucket.client.send(command, { abortSignal: signal }));
    },
    deletePrefix: async (blobs, { signal }) => {
      checkPrefix(blobs);
      let deleted = 0;
      for await (const names of blobPages(bucket, blobs, signal)) {
        await deleteObjects(bucket, names, signal);
        deleted += names.length;
      }
      return deleted;
    },
    list: async function* ({ tenantId, path }, { signal }) {
      checkPrefix({ tenantId, path });
      const top = bucket.objects.blob({ tenantId, path: '' });
      for await (const names of blobPages(bucket, { tenantId, path }, signal)) {
        for (let start = 0; start < names.length; start += ASKED_AT_ONCE) {
          const asked = names.slice(start, start + ASKED_AT_ONCE).map((object) => ({
            tenantId,
            path: object.slice(top.length),
          }));
          // each in its own request: S3's listing does not tell an object's metadata, wherever it is kept
          for (const found of await Promise.all(asked.map((key) => readObjectEnd(bucket, key, signal)))) {
            if (found && !hasExpired(found.info, nowMs())) yield found.info;
          }
        }
      }
    },
    sweep: (atMs, { signal }) => sweepBucket(bucket, atMs, signal),
  };
}

/** S3 takes at least 5 MiB a part and 10,000 parts: 80 GB with these. */
const PART_BYTES = 8 * 1024 * 1024;
const ASKED_AT_ONCE = 16;
