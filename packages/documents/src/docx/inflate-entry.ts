import { inflateRawSync } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { ok, type Result } from '@spillway/core';
import { type DocumentProblem, refuse } from '../document.ts';

/** Inflates one entry of an archive into exactly the bytes it declares; one that would give more is stopped there. */
export async function inflateEntry(
  bytes: Uint8Array,
  zip: ZipFile,
  entry: Entry,
): Promise<Result<Uint8Array, DocumentProblem>> {
  if (entry.isEncrypted()) return refuse('encrypted', 'the document has a password; save it without one');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) return damaged();
  try {
    const start = await dataStart(zip, entry);
    const packed = bytes.subarray(start, start + entry.compressedSize);
    const part =
      entry.compressionMethod === STORED
        ? packed
        : inflateRawSync(packed, { maxOutputLength: Math.max(entry.uncompressedSize, 1) });
    return part.length === entry.uncompressedSize ? ok(part) : damaged();
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? refuse('too-complex', 'unpacks to more than it declares; unpacking was stopped')
      : damaged();
  }
}

const [STORED, DEFLATED] = [0, 8] as const;

const dataStart = async (zip: ZipFile, entry: Entry): Promise<number> =>
  new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (error === null) resolve(header.fileDataStart);
      else reject(error);
    });
  });

const damaged = () =>
  refuse('malformed', 'the document is damaged; open it in its program and save it again');
