import type { BlobKey } from '@spillway/blobs';
import { manifestLineSchema } from '@spillway/contracts';
import type { BatchRecord } from '@spillway/redis';

/** One document of a batch, as its manifest names it. */
export interface ManifestEntry {
  readonly line: number;
  readonly customId: string;
  readonly name: string;
  /** Where it stands as it was sent. */
  readonly key: BlobKey;
  readonly sha256: string;
  readonly bytes: number;
}

/** Throws on a line that is no document: the API wrote it. */
export function parseManifestLine(
  { tenantId }: Pick<BatchRecord, 'tenantId'>,
  line: number,
  text: string,
): ManifestEntry {
  const { custom_id: customId, document, path, sha256, bytes } = manifestLineSchema.parse(JSON.parse(text));
  return { line, customId, name: document, key: { tenantId, path }, sha256, bytes };
}
