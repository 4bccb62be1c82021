/** Buffers of one size, kept for the next write: a small blob must not cost a large allocation. */
export interface BlockPool {
  take(): Uint8Array;
  /** Only for a block that nothing reads or writes any more. */
  give(block: Uint8Array): void;
}

/** Keeps at most `most` free blocks of `blockBytes`. */
export function createBlockPool(blockBytes: number, most: number): BlockPool {
  const free: Uint8Array[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(blockBytes),
    give: (block) => {
      if (free.length < most) free.push(block);
    },
  };
}
