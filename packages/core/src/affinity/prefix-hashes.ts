import type { TenantId } from '../id/name.ts';
import { createPrefixHash } from './prefix-hash.ts';
import type { PrefixHashes } from './prefix-lookup.ts';

/** Blocks of one prompt that are told: 32,768 tokens of 512 each, and no job carries more than half a kilobyte of them. */
export const MOST_BLOCKS = 64;

/**
 * UTF-16 units taken for a token, as in estimates of prose. A fixed number, so that prompts that begin alike are cut alike
 * whatever follows, and one of scripts with more tokens to a letter has more cached than its blocks say, never less.
 */
const UNITS_PER_TOKEN = 4;

/**
 * A hash for each whole block of a prompt, from its beginning; each says all of the text up to its block's end, of whom
 * it is, and where its pieces (a role, a content) begin. Two tenants share nothing. Linear in what `mostBlocks` hold:
 * what comes after them is not read.
 *
 * @param pieces the prompt's texts in the order in which the model reads them
 */
export function prefixHashes(
  tenantId: TenantId,
  pieces: Iterable<string>,
  blockTokens: number,
  mostBlocks: number = MOST_BLOCKS,
): PrefixHashes {
  const blockUnits = Math.max(1, Math.floor(blockTokens * UNITS_PER_TOKEN));
  const hashes: number[] = [];
  if (mostBlocks <= 0) return hashes;
  const hash = createPrefixHash();
  hash.addText(tenantId, 0, tenantId.length);
  let room = blockUnits;
  for (const piece of pieces) {
    hash.add(BOUNDARY);
    let from = 0;
    while (piece.length - from >= room) {
      hash.addText(piece, from, from + room);
      hashes.push(hash.value());
      if (hashes.length >= mostBlocks) return hashes;
      from += room;
      room = blockUnits;
    }
    hash.addText(piece, from, piece.length);
    room -= piece.length - from;
  }
  return hashes;
}

/** Stands between two pieces: no UTF-16 unit is as large, so no text can look like it. */
const BOUNDARY = 0x1_0000;
