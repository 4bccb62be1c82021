import { createHash, hash } from 'node:crypto';
import type { PartId } from '@spillway/core';
import type { UploadCompletion, UploadRecord, UploadStore } from '@spillway/redis';
import { Problem } from '../http/problem.ts';
import { dropFile, keepFile, type KeepFileDeps } from './keep-file.ts';
import { dropParts, readParts } from './keep-part.ts';

export interface AssembleDeps extends KeepFileDeps {
  readonly uploads: UploadStore;
}

export interface Assembly {
  readonly partIds: readonly PartId[];
  /** Of the whole file, in hex or base 64; undefined: not checked. */
  readonly md5: string | undefined;
}

/**
 * Copies the parts into one file and makes it visible. Throws the problem of parts that are not those of the upload, do
 * not add up to its bytes, or have another hash; the upload then stays as it was.
 */
export async function assembleUpload(
  deps: AssembleDeps,
  upload: UploadRecord,
  { partIds, md5 }: Assembly,
  signal: AbortSignal,
): Promise<UploadCompletion> {
  const { id, tenantId } = upload;
  const order = hash('sha256', partIds.join(' '));
  if (upload.status === 'completed' && upload.order === order && upload.fileId !== undefined) {
    return { kind: 'completed', fileId: upload.fileId };
  }
  if (upload.status !== 'pending') return { kind: 'not-pending', status: upload.status };
  checkParts(await deps.uploads.parts(id), partIds, upload.bytes);

  const digest = createHash('md5');
  const parts = readParts(deps.blobs, { tenantId, uploadId: id }, partIds, signal);
  const source = md5 === undefined ? parts : hashed(parts, digest);
  const file = await keepFile(deps, tenantId, source, { mostBytes: upload.bytes, signal });
  const isAsAnnounced = md5 === undefined || isDigest(md5, digest.digest());
  const { filename, purpose, fileKeepMs: keepMs } = upload;
  const completion = isAsAnnounced
    ? await deps.uploads.complete(id, tenantId, order, { ...file, filename, purpose, keepMs })
    : undefined;
  if (completion?.kind !== 'completed' || completion.fileId !== file.id) await dropFile(deps, file);
  if (completion === undefined) throw wrong('md5', 'the parts in this order have another MD5');
  if (completion.kind === 'completed') await dropParts(deps.blobs, tenantId, id);
  return completion;
}

function checkParts(known: ReadonlyMap<PartId, number>, partIds: readonly PartId[], bytes: number): void {
  if (new Set(partIds).size < partIds.length) throw wrong('part_ids', 'the same part twice');
  const unknown = partIds.find((partId) => !known.has(partId));
  if (unknown !== undefined) throw wrong('part_ids', `${unknown} is no part of this upload`);
  const sum = partIds.reduce((total, partId) => total + (known.get(partId) ?? 0), 0);
  if (sum !== bytes)
    throw wrong('part_ids', `the parts have ${sum} bytes and not the ${bytes} of the upload`);
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  digest: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}

const isDigest = (given: string, digest: Buffer): boolean =>
  given.toLowerCase() === digest.toString('hex') || given === digest.toString('base64');

const wrong = (path: string, message: string): Problem =>
  new Problem('invalid-request', `${path}: ${message}`, { errors: [{ path, message }] });
