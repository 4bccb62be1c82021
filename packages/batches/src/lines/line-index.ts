import type { BlobKey, BlobStore } from '@spillway/blobs';

/**
 * The index of an input: for every line where it begins, and at the end where the last one ends, each as 8 bytes, the
 * lowest first, from the beginning of the input. It makes any window of lines one range of the index and one of the
 * input, however long the file.
 */
export interface IndexWriter {
  /** Entries come in order. */
  add(offset: number): void;
  /** Enough has gathered to be written: await `flush` before the next entry. */
  readonly isFull: boolean;
  flush(): Promise<void>;
}

export function createIndexWriter(write: (chunk: Uint8Array) => Promise<void>): IndexWriter {
  let block = Buffer.alloc(BLOCK_BYTES);
  let used = 0;
  return {
    add: (offset) => {
      // 48 bits count to 256 TB; the upper two bytes stay 0.
      block.writeUIntLE(offset, used, 6);
      used += ENTRY_BYTES;
    },
    get isFull() {
      return used === BLOCK_BYTES;
    },
    flush: async () => {
      const full = block.subarray(0, used);
      block = Buffer.alloc(BLOCK_BYTES);
      used = 0;
      if (full.length > 0) await write(full);
    },
  };
}

/**
 * Where `count` lines from the `line`-th (from 0) on begin, and where the last of them ends: one entry more than lines.
 * Beyond the end of the input there are fewer. Undefined when there is no index.
 */
export async function readIndex(
  blobs: BlobStore,
  key: BlobKey,
  line: number,
  count: number,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly number[] | undefined> {
  const range = { start: line * ENTRY_BYTES, end: (line + count + 1) * ENTRY_BYTES };
  const read = await blobs.read(key, { signal, range });
  if (read === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of read.body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return Array.from({ length: Math.floor(bytes.length / ENTRY_BYTES) }, (_, entry) =>
    bytes.readUIntLE(entry * ENTRY_BYTES, 6),
  );
}

const ENTRY_BYTES = 8;
const BLOCK_BYTES = 8192 * ENTRY_BYTES;
