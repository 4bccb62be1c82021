import {
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type _Object,
} from '@aws-sdk/client-s3';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import type { BlobPrefix } from '../blob-store.ts';
import type { Bucket } from './bucket.ts';
import { MISSING, onS3, unlessAnswered } from './on-s3.ts';

/** An object that a listing named. */
export interface Listed {
  readonly name: string;
  readonly modifiedAtMs: number;
}

/** The objects whose names begin with this, ordered by name, in pages of 1,000 at most. */
export async function* listPages(
  { client, name }: Bucket,
  beginsWith: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Listed[], void, undefined> {
  let token: string | undefined;
  do {
    signal.throwIfAborted();
    const command = new ListObjectsV2Command({ Bucket: name, Prefix: beginsWith, ContinuationToken: token });
    const page = await onS3(signal, client.send(command, { abortSignal: signal }));
    yield (page.Contents ?? []).map(toListed);
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

/** The names of the blobs' objects at or below a prefix, ordered, in pages. */
export async function* blobPages(
  bucket: Bucket,
  prefix: BlobPrefix,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, undefined> {
  const top = bucket.objects.blob(prefix);
  if (prefix.path !== '') {
    signal.throwIfAborted();
    const command = new HeadObjectCommand({ Bucket: bucket.name, Key: top });
    const sent = bucket.client.send(command, { abortSignal: signal });
    if (await unlessAnswered(MISSING, signal, sent)) yield [top];
  }
  const below = prefix.path === '' ? top : `${top}/`;
  for await (const page of listPages(bucket, below, signal)) yield page.map(({ name }) => name);
}

/** Deletes up to 1,000 objects; rejects when S3 would not delete one of them. */
export async function deleteObjects(
  { client, name }: Bucket,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (names.length === 0) return;
  const command = new DeleteObjectsCommand({
    Bucket: name,
    Delete: { Quiet: true, Objects: names.map((Key) => ({ Key })) },
  });
  const { Errors = [] } = await onS3(signal, client.send(command, { abortSignal: signal }));
  const [first] = Errors.filter(({ Code }) => Code !== 'NoSuchKey');
  if (first) throw new BlobStoreUnavailable(Object.assign(new Error('not deleted'), { code: first.Code }));
}

function toListed({ Key, LastModified }: _Object): Listed {
  if (Key === undefined || LastModified === undefined)
    throw new Error('S3 listed an object without its name');
  return { name: Key, modifiedAtMs: LastModified.getTime() };
}
