import type { BackendId } from '../id/name.ts';
import type { PrefixHashes, PrefixLookup } from './prefix-lookup.ts';

/**
 * What engines probably hold in their prefix caches, from where jobs were sent: no engine is asked (Preble, arXiv
 * 2407.00023; SGLang's cache-aware router works alike). Per backend the blocks used last, as many as its KV cache has
 * room for, so that what an engine has evicted is soon forgotten here, too.
 */
export interface PrefixIndex extends PrefixLookup {
  /** The backend was given a job with this prefix, and has room for so many blocks. */
  note(backendId: BackendId, prefix: PrefixHashes, capacityBlocks: number): void;
  /** The backend's engine was started anew, or the backend is gone. */
  forget(backendId: BackendId): void;
  /** Blocks known of all backends together. */
  readonly size: number;
}

export function createPrefixIndex(): PrefixIndex {
  /** Hashes by when they were used last, the oldest first: the order of insertion. */
  const byBackend = new Map<BackendId, Set<number>>();

  return {
    note: (backendId, prefix, capacityBlocks) => {
      const capacity = Math.min(Math.max(capacityBlocks, 0), MOST_BLOCKS);
      const blocks = byBackend.get(backendId) ?? new Set<number>();
      byBackend.set(backendId, blocks);
      // From the end: a block is worth nothing without those before it, so the first ones are the last to go, as in vLLM.
      for (const hash of prefix.slice(0, capacity).toReversed()) {
        blocks.delete(hash);
        blocks.add(hash);
      }
      for (const oldest of blocks) {
        if (blocks.size <= capacity) break;
        blocks.delete(oldest);
      }
    },
    matchedBlocks: (backendId, prefix) => {
      const blocks = byBackend.get(backendId);
      if (blocks === undefined) return 0;
      const missing = prefix.findIndex((hash) => !blocks.has(hash));
      return missing === -1 ? prefix.length : missing;
    },
    forget: (backendId) => {
      byBackend.delete(backendId);
    },
    get size() {
      let size = 0;
      for (const blocks of byBackend.values()) size += blocks.size;
      return size;
    },
  };
}

/** 32 million tokens in blocks of 512: more than any engine holds, and some megabytes of memory for each backend. */
const MOST_BLOCKS = 65_536;
