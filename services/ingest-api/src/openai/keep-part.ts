import type { BlobInfo, BlobSource, BlobStore } from '@spillway/blobs';
import { MOST_PART_BYTES } from '@spillway/contracts';
import type { PartId, TenantId, UploadId } from '@spillway/core';
import type { UploadRecord } from '@spillway/redis';
import { Problem } from '../http/problem.ts';

export interface PartPlace {
  readonly tenantId: TenantId;
  readonly uploadId: UploadId;
  readonly partId: PartId;
}

/** Below it stand all parts of an upload. */
const partsPrefixOf = (id: UploadId): string => `uploads/${id}`;

const keyOf = ({ tenantId, uploadId, partId }: PartPlace) => ({
  tenantId,
  path: `${partsPrefixOf(uploadId)}/${partId}`,
});

/** By then nothing of the upload is known any more; the blob store clears away what was forgotten to be. */
const LEFT_OVER_MS = 3 * 3_600_000;
const LONGEST_DROP_MS = 30_000;

/** Streams one part into the blob store, or throws the problem of one that is too large. */
export async function keepPart(
  blobs: BlobStore,
  place: PartPlace,
  source: BlobSource,
  { upload, signal }: { readonly upload: UploadRecord; readonly signal: AbortSignal },
): Promise<BlobInfo> {
  const mostBytes = mostPartBytes(upload);
  const expiresAtMs = upload.createdAtMs + LEFT_OVER_MS;
  const written = await blobs.write(keyOf(place), source, { mostBytes, expiresAtMs, signal });
  if (written.kind === 'written') return written.info;
  throw partTooLarge(upload);
}

const mostPartBytes = ({ bytes }: UploadRecord): number => Math.min(MOST_PART_BYTES, bytes);

export function partTooLarge(upload: UploadRecord): Problem {
  const message = `a part of this upload may have at most ${mostPartBytes(upload)} bytes`;
  return new Problem('request-too-large', message, { errors: [{ path: 'data', message }] });
}

export const dropPart = (blobs: BlobStore, place: PartPlace): Promise<void> =>
  blobs.delete(keyOf(place), { signal: AbortSignal.timeout(LONGEST_DROP_MS) });

/** Deletes every part of an upload that has ended. */
export async function dropParts(blobs: BlobStore, tenantId: TenantId, id: UploadId): Promise<void> {
  await blobs.deletePrefix(
    { tenantId, path: partsPrefixOf(id) },
    { signal: AbortSignal.timeout(LONGEST_DROP_MS) },
  );
}

/** The bytes of these parts, one behind the other. Throws the problem of an upload whose parts are gone. */
export async function* readParts(
  blobs: BlobStore,
  { tenantId, uploadId }: Omit<PartPlace, 'partId'>,
  partIds: readonly PartId[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const partId of partIds) {
    const read = await blobs.read(keyOf({ tenantId, uploadId, partId }), { signal });
    // Somebody else has just completed or cancelled the upload.
    if (read === undefined)
      throw new Problem('upload-not-pending', 'this upload has ended: begin another one');
    await using body = read.body;
    yield* body;
  }
}
