import type { BlobInfo, BlobKey } from './blob-store.ts';

/**
 * What is known of a blob stands behind its content in the same file or object, because the hash is known only at the
 * end: one rename or one completed upload then publishes both, and no crash can part them.
 */
export function writeTrailer({ bytes, sha256, createdAtMs, expiresAtMs }: Omit<BlobInfo, 'key'>): Buffer {
  const line = `\nspillway-blob-1 ${sha256} ${bytes} ${createdAtMs} ${expiresAtMs ?? '-'}`;
  const trailer = `${line.padEnd(TRAILER_BYTES - 1)}\n`;
  if (!TRAILER.test(trailer)) throw new Error('the times of a blob are whole milliseconds');
  return Buffer.from(trailer, 'latin1');
}

/** Reads the last bytes of what is stored, `storedBytes` in all; throws when it is not a whole blob of ours. */
export function parseTrailer(key: BlobKey, trailer: Uint8Array, storedBytes: number): BlobInfo {
  const text = Buffer.from(trailer.buffer, trailer.byteOffset, trailer.byteLength).toString('latin1');
  const [, sha256 = '', bytes, createdAtMs, expiresAtMs] = TRAILER.exec(text) ?? [];
  if (text.length !== TRAILER_BYTES || Number(bytes) !== storedBytes - TRAILER_BYTES)
    throw new Error(`the blob ${key.tenantId}/${key.path} is damaged: its trailer does not fit`);
  return {
    key: { tenantId: key.tenantId, path: key.path },
    bytes: Number(bytes),
    sha256,
    createdAtMs: Number(createdAtMs),
    expiresAtMs: expiresAtMs === '-' ? undefined : Number(expiresAtMs),
  };
}

export const TRAILER_BYTES = 160;

const TRAILER = /^\nspillway-blob-1 ([0-9a-f]{64}) (\d{1,16}) (\d{1,16}) (\d{1,16}|-) *\n$/;
