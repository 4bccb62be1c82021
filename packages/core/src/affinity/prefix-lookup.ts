import type { BackendId } from '../id/name.ts';

/**
 * The hashes of a prompt's blocks, from its beginning; each says all of the text up to its block's end, and is salted by
 * the tenant. Integers below 2^53.
 */
export type PrefixHashes = readonly number[];

/** What is known of the prefix caches of engines, from where jobs were sent. */
export interface PrefixLookup {
  /** How many of the first blocks the backend probably holds. */
  matchedBlocks(backendId: BackendId, prefix: PrefixHashes): number;
}

/** Nothing is cached anywhere. */
export const NO_PREFIXES: PrefixLookup = { matchedBlocks: () => 0 };
