import type { BlobSource, BlobStore } from '@spillway/blobs';
import type { FileId, TenantId } from '@spillway/core';
import type { FileStore } from '@spillway/redis';
import { Problem } from '../http/problem.ts';

/** A file whose bytes are in the blob store and which nobody sees yet. */
export interface KeptFile {
  readonly id: FileId;
  readonly tenantId: TenantId;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface KeepFileDeps {
  readonly files: FileStore;
  readonly blobs: BlobStore;
  readonly newFileId: () => FileId;
}

/** Where a file's bytes stand, under its tenant. */
const pathOf = (id: FileId): string => `files/${id}`;

/**
 * Streams a file into the blob store. What was announced before is cleared away by a batch-worker when this process dies
 * on the way. Throws the problem `file-too-large` and whatever the source throws; then nothing of it is left.
 */
export async function keepFile(
  { files, blobs, newFileId }: KeepFileDeps,
  tenantId: TenantId,
  source: BlobSource,
  options: { readonly mostBytes: number; readonly signal: AbortSignal },
): Promise<KeptFile> {
  const id = newFileId();
  const path = pathOf(id);
  await files.reserve({ id, tenantId, path });
  try {
    const written = await blobs.write({ tenantId, path }, source, options);
    if (written.kind === 'too-large') throw fileTooLarge(options.mostBytes);
    return { id, tenantId, path, bytes: written.info.bytes, sha256: written.info.sha256 };
  } catch (error) {
    // An object store may have kept it although its answer never came. What cannot be deleted now lapses in a day.
    await dropFile({ files, blobs }, { id, tenantId, path }).catch(() => undefined);
    throw error;
  }
}

/** Deletes what is left of a file that nobody sees: its bytes, then its record. */
export async function dropFile(
  { files, blobs }: Pick<KeepFileDeps, 'files' | 'blobs'>,
  { id, tenantId, path }: Pick<KeptFile, 'id' | 'tenantId' | 'path'>,
): Promise<void> {
  await blobs.delete({ tenantId, path }, { signal: AbortSignal.timeout(LONGEST_DROP_MS) });
  await files.forget(id);
}

const LONGEST_DROP_MS = 30_000;

/** @param path the member of the request that says so */
export const fileTooLarge = (mostBytes: number, path = 'file'): Problem =>
  new Problem(
    'file-too-large',
    `a file may have at most ${mostBytes} bytes: send several, or raise limits.max_file_bytes`,
    { errors: [{ path, message: `at most ${mostBytes} bytes` }] },
  );
