import { UPLOAD_PURPOSES, type UploadStatus } from '@spillway/contracts';
import type { EpochMs, FileId, TenantId, UploadId } from '@spillway/core';
import { z } from 'zod';

/** A file that is sent in parts, as it stands in the store; the parts are blobs. */
export interface UploadRecord {
  readonly id: UploadId;
  readonly tenantId: TenantId;
  readonly filename: string;
  readonly purpose: (typeof UPLOAD_PURPOSES)[number];
  /** Of the whole file, as announced. */
  readonly bytes: number;
  readonly status: UploadStatus;
  readonly createdAtMs: EpochMs;
  readonly expiresAtMs: EpochMs;
  /** How long the file is kept once it is made. */
  readonly fileKeepMs: number;
  /** The file that it became. */
  readonly fileId: FileId | undefined;
  /** Of the order of the parts that became the file. */
  readonly order: string | undefined;
}

/** An upload about to be written; it is open for `openMs`, by Redis' clock. */
export interface NewUpload extends Pick<
  UploadRecord,
  'id' | 'tenantId' | 'filename' | 'purpose' | 'bytes' | 'fileKeepMs'
> {
  readonly openMs: number;
}

const recordSchema = z.object({
  tenant: z.string(),
  filename: z.string(),
  purpose: z.enum(UPLOAD_PURPOSES),
  bytes: z.coerce.number(),
  status: z.enum(['pending', 'completed', 'cancelled']),
  created_at_ms: z.coerce.number(),
  expires_at_ms: z.coerce.number(),
  file_keep_ms: z.coerce.number(),
  file: z.string().optional(),
  order: z.string().optional(),
});

/** Reads a whole hash; undefined for an empty one. */
export function toUploadRecord(
  id: UploadId,
  hash: Readonly<Record<string, string>>,
  nowMs: EpochMs,
): UploadRecord | undefined {
  if (hash['tenant'] === undefined) return undefined;
  const { tenant, status, file, order, ...rest } = recordSchema.parse(hash);
  return {
    id,
    tenantId: tenant as TenantId,
    filename: rest.filename,
    purpose: rest.purpose,
    bytes: rest.bytes,
    status: status === 'pending' && rest.expires_at_ms <= nowMs ? 'expired' : status,
    createdAtMs: rest.created_at_ms,
    expiresAtMs: rest.expires_at_ms,
    fileKeepMs: rest.file_keep_ms,
    fileId: file as FileId | undefined,
    order,
  };
}
