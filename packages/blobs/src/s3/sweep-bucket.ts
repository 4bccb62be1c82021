import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { DEAD_AFTER_MS, hasExpired } from '../expiry.ts';
import type { Bucket } from './bucket.ts';
import { deleteObjects, listPages, type Listed } from './list-objects.ts';
import { CHANGED, MISSING, unlessAnswered, onS3 } from './on-s3.ts';
import { readObjectEnd } from './open-object.ts';

/** One turn of sweeping: 10 pages of marks and 10 of unfinished uploads at most, of 1,000 each. */
export async function sweepBucket(bucket: Bucket, nowMs: number, signal: AbortSignal): Promise<number> {
  const expired = await sweepExpired(bucket, nowMs, signal);
  return expired + (await sweepUploads(bucket, nowMs, signal));
}

async function sweepExpired(bucket: Bucket, nowMs: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  let pages = 0;
  for await (const page of listPages(bucket, bucket.objects.marks, signal)) {
    const done: string[] = [];
    for (const mark of page) {
      const verdict = await followMark(bucket, mark, nowMs, signal);
      if (verdict === 'not-due') {
        await deleteObjects(bucket, done, signal);
        return swept;
      }
      if (verdict === 'deleted') swept += 1;
      if (verdict !== 'keep') done.push(mark.name);
    }
    await deleteObjects(bucket, done, signal);
    pages += 1;
    if (pages === MOST_PAGES) break;
  }
  return swept;
}

/**
 * Deletes the blob of a mark when it has expired, and only that version of it. A mark whose blob is missing or newer is
 * kept for a day: its writer may be about to publish.
 */
async function followMark(
  bucket: Bucket,
  mark: Listed,
  nowMs: number,
  signal: AbortSignal,
): Promise<'not-due' | 'deleted' | 'keep' | 'drop'> {
  const parsed = bucket.objects.parseMark(mark.name);
  if (!parsed) return 'keep';
  if (parsed.expiresAtMs > nowMs) return 'not-due';
  const found = await readObjectEnd(bucket, parsed.key, signal);
  if (!found || !hasExpired(found.info, nowMs)) {
    return mark.modifiedAtMs <= nowMs - DEAD_AFTER_MS ? 'drop' : 'keep';
  }
  const command = new DeleteObjectCommand({
    Bucket: bucket.name,
    Key: bucket.objects.blob(parsed.key),
    IfMatch: found.etag,
  });
  const sent = bucket.client.send(command, { abortSignal: signal });
  return (await unlessAnswered([...MISSING, ...CHANGED], signal, sent)) ? 'deleted' : 'keep';
}

async function sweepUploads(
  { client, name, objects }: Bucket,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let swept = 0;
  let from: { KeyMarker: string | undefined; UploadIdMarker: string | undefined } | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    signal.throwIfAborted();
    const list = new ListMultipartUploadsCommand({ Bucket: name, Prefix: objects.blobs, ...from });
    const answer = await onS3(signal, client.send(list, { abortSignal: signal }));
    for (const { Key, UploadId, Initiated } of answer.Uploads ?? []) {
      if (!Initiated || Initiated.getTime() > nowMs - DEAD_AFTER_MS) continue;
      const abort = new AbortMultipartUploadCommand({ Bucket: name, Key, UploadId });
      const sent = client.send(abort, { abortSignal: signal });
      if (await unlessAnswered(['NoSuchUpload'], signal, sent)) swept += 1;
    }
    if (answer.IsTruncated !== true) return swept;
    from = { KeyMarker: answer.NextKeyMarker, UploadIdMarker: answer.NextUploadIdMarker };
  }
  return swept;
}

const MOST_PAGES = 10;
