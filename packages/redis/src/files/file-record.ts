import { FILE_PURPOSES, type FilePurpose } from '@spillway/contracts';
import type { EpochMs, FileId, TenantId } from '@spillway/core';
import { z } from 'zod';

/** A file as it stands in the store; its bytes are in the blob store under the tenant and `path`. */
export interface FileRecord {
  readonly id: FileId;
  readonly tenantId: TenantId;
  /** A label and nothing else: no path is ever made of it. */
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly bytes: number;
  /** Of the content, in lower case hex. */
  readonly sha256: string;
  readonly createdAtMs: EpochMs;
  readonly expiresAtMs: EpochMs;
  readonly path: string;
}

/** A file about to be written; `keepMs` counts from then, by Redis' clock. */
export interface NewFile extends Omit<FileRecord, 'createdAtMs' | 'expiresAtMs'> {
  readonly keepMs: number;
}

export const FILE_FIELDS = [
  'state',
  'tenant',
  'filename',
  'purpose',
  'bytes',
  'sha256',
  'created_at_ms',
  'expires_at_ms',
  'path',
] as const;

const readySchema = z.tuple([
  z.literal('ready'),
  z.string(),
  z.string(),
  z.enum(FILE_PURPOSES),
  z.coerce.number(),
  z.string(),
  z.coerce.number(),
  z.coerce.number(),
  z.string(),
]);

/** Reads `FILE_FIELDS` of a hash; undefined when nobody may see the file at this instant. */
export function toFileRecord(
  id: FileId,
  values: readonly (string | null)[],
  nowMs: EpochMs,
): FileRecord | undefined {
  if (values[0] !== 'ready') return undefined;
  const [, tenant, filename, purpose, bytes, sha256, createdAtMs, expiresAtMs, path] =
    readySchema.parse(values);
  if (expiresAtMs <= nowMs) return undefined;
  return {
    id,
    tenantId: tenant as TenantId,
    filename,
    purpose,
    bytes,
    sha256,
    createdAtMs,
    expiresAtMs,
    path,
  };
}

/** The arguments that `write_file` takes. */
export const fileArguments = (file: NewFile): readonly (string | number)[] => [
  file.id,
  file.tenantId,
  file.path,
  file.filename,
  file.purpose,
  file.bytes,
  file.sha256,
  file.keepMs,
];
