import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';
import type { BlobKey, BlobSource, BlobWrite, WriteOptions } from '../blob-store.ts';
import type { BlockPool } from '../block-pool.ts';
import { takeBlocks } from '../take-blocks.ts';
import { writeTrailer } from '../trailer.ts';
import { foldersAbove, type Layout } from './layout.ts';
import { MISSING, onDisk, unlessRefused } from './on-disk.ts';

interface Files {
  readonly layout: Layout;
  readonly pool: BlockPool;
  readonly nowMs: () => number;
}

/** Writes to a temporary file, makes it durable, and gives it the blob's name. */
export async function writeFile(
  { layout, pool, nowMs }: Files,
  key: BlobKey,
  source: BlobSource,
  { signal, mostBytes, expiresAtMs }: WriteOptions,
): Promise<BlobWrite> {
  signal.throwIfAborted();
  await onDisk(mkdir(layout.writing, { recursive: true, mode: 0o700 }));
  const temporary = join(layout.writing, randomUUID());
  const handle = await onDisk(open(temporary, 'wx', 0o600));
  let published = false;
  try {
    const taken = await takeBlocks(source, { signal, mostBytes, pool, inFlight: 1 }, (block, index) =>
      onDisk(writeWhole(handle, block, index * block.byteLength)),
    );
    if (taken.kind === 'too-large') return taken;
    const { bytes, sha256, rest } = taken;
    const info = { key, bytes, sha256, createdAtMs: nowMs(), expiresAtMs };
    await onDisk(writeWhole(handle, rest, bytes - rest.byteLength));
    await onDisk(writeWhole(handle, writeTrailer(info), bytes));
    taken.release();
    await onDisk(handle.sync());
    signal.throwIfAborted();
    await publish(temporary, layout.blob(key));
    published = true;
    await keepFolders(layout.blob(key), dirname(layout.blobs));
    return { kind: 'written', info };
  } finally {
    await onDisk(handle.close());
    if (!published) await unlessRefused(MISSING, unlink(temporary));
  }
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Another call may remove the folder between its making and the rename, because it was empty. */
async function publish(temporary: string, file: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await rename(temporary, file);
      return;
    } catch (error) {
      const lost = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!lost || tries === MOST_TRIES) throw new BlobStoreUnavailable(error);
    }
  }
}

/** A name is durable when its folder is, and that one's name, up to the store's own folder. */
async function keepFolders(file: string, top: string): Promise<void> {
  for (const folder of [...foldersAbove(file, top), top]) {
    // gone again already: so is the blob
    const handle = await unlessRefused(MISSING, open(folder, 'r'));
    try {
      if (handle) await onDisk(handle.sync());
    } finally {
      await handle?.close();
    }
  }
}

const MOST_TRIES = 10;
