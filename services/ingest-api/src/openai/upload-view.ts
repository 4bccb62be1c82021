import type { FileObject, UploadObject } from '@spillway/contracts';
import { parseId, type UploadId } from '@spillway/core';
import type { UploadRecord } from '@spillway/redis';
import { Problem } from '../http/problem.ts';
import { toSeconds } from './file-view.ts';

/** An upload as OpenAI's clients read it, with the file it became. */
export const toUploadObject = (upload: UploadRecord, file: FileObject | undefined): UploadObject => ({
  id: upload.id,
  object: 'upload',
  bytes: upload.bytes,
  created_at: toSeconds(upload.createdAtMs),
  expires_at: toSeconds(upload.expiresAtMs),
  filename: upload.filename,
  purpose: upload.purpose,
  status: upload.status,
  file: file ?? null,
});

/** The id in a path; one that is not well-formed is simply not there. */
export function uploadIdOf(raw: string): UploadId {
  const id = parseId('UploadId', raw);
  if (!id.ok) throw noSuchUpload();
  return id.value;
}

export const noSuchUpload = (): Problem =>
  new Problem('upload-not-found', 'no upload of yours has this id; it may have expired', {
    errors: [{ path: 'upload_id', message: 'no such upload' }],
  });

export const notPending = (status: UploadRecord['status']): Problem =>
  new Problem('upload-not-pending', `this upload is ${status}: begin another one`);
