import { GetObjectCommand } from '@aws-sdk/client-s3';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import type { BlobInfo, BlobKey, BlobRead, ReadOptions } from '../blob-store.ts';
import { clipRange } from '../clip-range.ts';
import { createBody } from '../create-body.ts';
import { hasExpired } from '../expiry.ts';
import { parseTrailer, TRAILER_BYTES } from '../trailer.ts';
import type { Bucket } from './bucket.ts';
import { objectBody } from './object-body.ts';
import { CHANGED, MISSING, unlessAnswered } from './on-s3.ts';

/** The end of an object: what its trailer says, and the tag by which S3 knows this very version of it. */
interface ObjectEnd {
  readonly info: BlobInfo;
  readonly etag: string | undefined;
  /** The last bytes of the content, as many as were asked for. */
  readonly content: Uint8Array;
}

/** Asks for the end of an object, in one request; undefined when there is none. */
export async function readObjectEnd(
  { client, name, objects }: Bucket,
  key: BlobKey,
  signal: AbortSignal,
  contentBytes = 0,
): Promise<ObjectEnd | undefined> {
  signal.throwIfAborted();
  const command = new GetObjectCommand({
    Bucket: name,
    Key: objects.blob(key),
    Range: `bytes=-${contentBytes + TRAILER_BYTES}`,
  });
  const answer = await unlessAnswered(MISSING, signal, client.send(command, { abortSignal: signal }));
  if (!answer) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of objectBody(answer.Body, signal)) chunks.push(chunk);
  const end = Buffer.concat(chunks);
  const storedBytes = Number(answer.ContentRange?.split('/')[1] ?? end.byteLength);
  return {
    info: parseTrailer(key, end.subarray(-TRAILER_BYTES), storedBytes),
    etag: answer.ETag,
    content: end.subarray(0, -TRAILER_BYTES),
  };
}

/**
 * Reads a blob: first its end, which is the whole of a small one, then the bytes wanted under the condition that it is
 * still the same object. One replaced in between is asked for again, so that no reader sees the info of one and the
 * bytes of another.
 */
export async function openObject(
  bucket: Bucket,
  key: BlobKey,
  { signal, range }: ReadOptions,
  nowMs: () => number,
): Promise<BlobRead | undefined> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const found = await readObjectEnd(bucket, key, signal, SMALL_BYTES);
    if (!found || hasExpired(found.info, nowMs())) return undefined;
    const { info, etag, content } = found;
    const { start, end } = clipRange(range, info.bytes);
    const contentStart = info.bytes - content.byteLength;
    if (start >= contentStart) {
      return { info, body: memoryBody(content.subarray(start - contentStart, end - contentStart), signal) };
    }
    if (start === end) return { info, body: memoryBody(NOTHING, signal) };
    const command = new GetObjectCommand({
      Bucket: bucket.name,
      Key: bucket.objects.blob(key),
      Range: `bytes=${start}-${end - 1}`,
      IfMatch: etag,
    });
    const sent = bucket.client.send(command, { abortSignal: signal });
    const answer = await unlessAnswered([...MISSING, ...CHANGED], signal, sent);
    if (answer) return { info, body: objectBody(answer.Body, signal) };
  }
  throw new BlobStoreUnavailable(new Error('the blob was replaced again and again'));
}

function memoryBody(bytes: Uint8Array, signal: AbortSignal): BlobRead['body'] {
  let left = bytes.byteLength > 0 ? bytes : undefined;
  const pull = async (): Promise<Uint8Array | undefined> => {
    const pulled = left;
    left = undefined;
    return pulled;
  };
  return createBody({ pull, release: async () => undefined }, signal);
}

const NOTHING = new Uint8Array();
/** Small enough to be asked for in vain, and large enough for what is read and replaced often. */
const SMALL_BYTES = 64 * 1024;
const MOST_TRIES = 5;
