import { open, type FileHandle } from 'node:fs/promises';
import type { BlobBody, BlobInfo, BlobKey } from '../blob-store.ts';
import { createBody } from '../create-body.ts';
import { parseTrailer, TRAILER_BYTES } from '../trailer.ts';
import { MISSING, onDisk, unlessRefused } from './on-disk.ts';

/** A blob's file, held open: what replaces or deletes it later does not touch it. */
interface OpenFile {
  readonly info: BlobInfo;
  readonly handle: FileHandle;
}

/** Opens a blob's file and reads its trailer; undefined when there is none. The caller closes the handle. */
export async function openFile(file: string, key: BlobKey): Promise<OpenFile | undefined> {
  const handle = await unlessRefused(MISSING, open(file, 'r'));
  if (!handle) return undefined;
  try {
    const { size } = await onDisk(handle.stat());
    const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
    const start = Math.max(0, size - TRAILER_BYTES);
    const { bytesRead } = await onDisk(handle.read(trailer, 0, TRAILER_BYTES, start));
    return { info: parseTrailer(key, trailer.subarray(0, bytesRead), size), handle };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What the trailer of a blob's file says; undefined when there is none. */
export async function readInfo(file: string, key: BlobKey): Promise<BlobInfo | undefined> {
  const opened = await openFile(file, key);
  await opened?.handle.close();
  return opened?.info;
}

/** The bytes from `start` up to `end`, in chunks of 1 MiB; closes the handle. */
export function fileBody(handle: FileHandle, start: number, end: number, signal: AbortSignal): BlobBody {
  let position = start;
  return createBody(
    {
      pull: async () => {
        const wanted = Math.min(CHUNK_BYTES, end - position);
        if (wanted === 0) return undefined;
        const chunk = Buffer.allocUnsafeSlow(wanted);
        const { bytesRead } = await onDisk(handle.read(chunk, 0, wanted, position));
        if (bytesRead === 0) throw new Error('a blob file became shorter while it was read');
        position += bytesRead;
        return chunk.subarray(0, bytesRead);
      },
      release: () => handle.close(),
    },
    signal,
  );
}

const CHUNK_BYTES = 1024 * 1024;
