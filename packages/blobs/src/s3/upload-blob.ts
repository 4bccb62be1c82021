import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { BlobKey, BlobSource, BlobWrite, WriteOptions } from '../blob-store.ts';
import type { BlockPool } from '../block-pool.ts';
import { takeBlocks } from '../take-blocks.ts';
import { writeTrailer } from '../trailer.ts';
import type { Bucket } from './bucket.ts';
import { openMultipart } from './multipart.ts';
import { onS3 } from './on-s3.ts';

/** Uploads a blob: one PUT when it fits into one block, else in parts that S3 shows only once they are complete. */
export async function uploadBlob(
  bucket: Bucket,
  { pool, nowMs }: { readonly pool: BlockPool; readonly nowMs: () => number },
  key: BlobKey,
  source: BlobSource,
  { signal, mostBytes, expiresAtMs }: WriteOptions,
): Promise<BlobWrite> {
  await using parts = openMultipart(bucket, key, signal);
  const taken = await takeBlocks(source, { signal, mostBytes, pool, inFlight: MOST_IN_FLIGHT }, parts.upload);
  if (taken.kind === 'too-large') return taken;
  const { bytes, sha256, rest } = taken;
  const info = { key, bytes, sha256, createdAtMs: nowMs(), expiresAtMs };
  const end = Buffer.concat([rest, writeTrailer(info)]);
  taken.release();
  // before the blob, so that none that expires can be without its mark
  if (expiresAtMs !== undefined) await put(bucket, bucket.objects.mark(key, expiresAtMs), NOTHING, signal);
  if (bytes === rest.byteLength) await put(bucket, bucket.objects.blob(key), end, signal);
  else await parts.complete(end);
  return { kind: 'written', info };
}

async function put(
  { client, name }: Bucket,
  object: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const command = new PutObjectCommand({ Bucket: name, Key: object, Body: body });
  await onS3(signal, client.send(command, { abortSignal: signal }));
}

const NOTHING = new Uint8Array();
/** Two parts travel while a third fills: 24 MiB for one upload. */
const MOST_IN_FLIGHT = 2;
