import { createHash } from 'node:crypto';
import { abortable } from './abortable.ts';
import type { BlobSource } from './blob-store.ts';
import type { BlockPool } from './block-pool.ts';
import { openDeliveries } from './deliveries.ts';

export type Taken =
  | {
      readonly kind: 'taken';
      readonly bytes: number;
      readonly sha256: string;
      /** What did not fill a block; valid until `release`. */
      readonly rest: Uint8Array;
      readonly release: () => void;
    }
  | { readonly kind: 'too-large'; readonly mostBytes: number };

interface Intake {
  readonly signal: AbortSignal;
  readonly mostBytes?: number | undefined;
  readonly pool: BlockPool;
  /** How many blocks are delivered at a time while the next one fills. */
  readonly inFlight: number;
}

/**
 * Cuts a source into whole blocks and delivers each, hashing on the way; holds `inFlight + 1` blocks in memory. A block
 * may be written over once its delivery has resolved. No delivery runs on after this has settled.
 */
export async function takeBlocks(
  source: BlobSource,
  { signal, mostBytes = Infinity, pool, inFlight }: Intake,
  deliver: (block: Uint8Array, index: number) => Promise<void>,
): Promise<Taken> {
  const hash = createHash('sha256');
  await using deliveries = openDeliveries(inFlight, pool);
  let bytes = 0;
  let index = 0;
  let filled = 0;
  let block = await deliveries.freeBlock();
  for await (const chunk of abortable(source, signal)) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return { kind: 'too-large', mostBytes };
    for (let taken = 0; taken < chunk.byteLength;) {
      const piece = chunk.subarray(taken, taken + block.byteLength - filled);
      hash.update(piece);
      block.set(piece, filled);
      taken += piece.byteLength;
      filled += piece.byteLength;
      if (filled < block.byteLength) continue;
      deliveries.start(block, deliver(block, index));
      index += 1;
      filled = 0;
      block = await deliveries.freeBlock();
      signal.throwIfAborted();
    }
  }
  await deliveries.allDone();
  const last = block;
  return {
    kind: 'taken',
    bytes,
    sha256: hash.digest('hex'),
    rest: last.subarray(0, filled),
    release: () => pool.give(last),
  };
}
