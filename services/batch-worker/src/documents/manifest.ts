import type { BlobKey } from '@spillway/blobs';
import type { BatchRecord } from '@spillway/redis';
import { z } from 'zod';

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

const entrySchema = z.object({
  custom_id: z.string().optional(),
  document: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.int().min(0),
});

/** Throws on a line that is no document: the API wrote it. */
export function parseManifestLine(
  { tenantId }: Pick<BatchRecord, 'tenantId'>,
  line: number,
  text: string,
): ManifestEntry {
  const { custom_id: customId, document, path, sha256, bytes } = entrySchema.parse(JSON.parse(text));
  return { line, customId: customId ?? String(line), name: document, key: { tenantId, path }, sha256, bytes };
}
