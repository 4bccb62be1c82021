import type { FileObject } from '@spillway/contracts';
import { type FileId, parseId } from '@spillway/core';
import type { FileRecord } from '@spillway/redis';
import { Problem } from '../http/problem.ts';

/** A file as OpenAI's clients read it. */
export const toFileObject = (file: FileRecord): FileObject => ({
  id: file.id,
  object: 'file',
  bytes: file.bytes,
  created_at: toSeconds(file.createdAtMs),
  expires_at: toSeconds(file.expiresAtMs),
  filename: file.filename,
  purpose: file.purpose,
  status: 'processed',
  status_details: null,
});

/** Unix seconds. */
export const toSeconds = (atMs: number): number => Math.floor(atMs / 1000);

/** The id in a path; one that is not well-formed is simply not there. */
export function fileIdOf(raw: string): FileId {
  const id = parseId('FileId', raw);
  if (!id.ok) throw noSuchFile();
  return id.value;
}

export const noSuchFile = (): Problem =>
  new Problem('file-not-found', 'no file of yours has this id; it may have expired', {
    errors: [{ path: 'id', message: 'no such file' }],
  });
