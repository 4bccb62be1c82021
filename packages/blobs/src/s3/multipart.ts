import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { BlobKey } from '../blob-store.ts';
import type { Bucket } from './bucket.ts';
import { onS3 } from './on-s3.ts';

/** One upload in parts, begun with its first part; disposing aborts it unless it was completed. */
export interface Multipart extends AsyncDisposable {
  /** Uploads the part of this index, counted from 0; every part but the last has 5 MiB at least. */
  readonly upload: (part: Uint8Array, index: number) => Promise<void>;
  /** Uploads the last part and makes the object visible, whole. */
  complete(lastPart: Uint8Array): Promise<void>;
}

/** Nothing is sent before the first part. */
export function openMultipart(
  { client, name, objects }: Bucket,
  key: BlobKey,
  signal: AbortSignal,
): Multipart {
  const target = { Bucket: name, Key: objects.blob(key) };
  const tags: string[] = [];
  let begun: Promise<string> | undefined;
  let completed = false;

  const begin = async (): Promise<string> => {
    const command = new CreateMultipartUploadCommand(target);
    const { UploadId } = await onS3(signal, client.send(command, { abortSignal: signal }));
    if (UploadId === undefined) throw new Error('S3 began an upload without naming it');
    return UploadId;
  };
  const upload = async (part: Uint8Array, index: number): Promise<void> => {
    const UploadId = await (begun ??= begin());
    const command = new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body: part });
    const { ETag } = await onS3(signal, client.send(command, { abortSignal: signal }));
    if (ETag === undefined) throw new Error('S3 took a part without tagging it');
    tags[index] = ETag;
  };
  return {
    upload,
    complete: async (lastPart) => {
      await upload(lastPart, tags.length);
      const command = new CompleteMultipartUploadCommand({
        ...target,
        UploadId: await begun,
        MultipartUpload: { Parts: tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 })) },
      });
      await onS3(signal, client.send(command, { abortSignal: signal }));
      completed = true;
    },
    [Symbol.asyncDispose]: async () => {
      const UploadId = await begun?.catch(() => undefined);
      if (completed || UploadId === undefined) return;
      const command = new AbortMultipartUploadCommand({ ...target, UploadId });
      // Its own time, because the caller's is over. What cannot be aborted now stays invisible, and sweep finds it.
      await client.send(command, { abortSignal: AbortSignal.timeout(ABORT_MS) }).catch(() => undefined);
    },
  };
}

const ABORT_MS = 10_000;
