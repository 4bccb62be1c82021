import { hash } from 'node:crypto';

/** Twelve hex digits that stand for an input; for a chat it is taken over all message contents joined without a gap. */
export const simulatedDigest = (text: string): string => hash('sha256', text, 'hex').slice(0, 12);

/** An endless, repeatable row of numbers in [0, 1) for one digest and seed. */
export function digestRandom(digest: string, seed: number): () => number {
  let state = (Number.parseInt(digest.slice(0, 8), 16) ^ Math.imul(seed, 0x9e37_79b1)) >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
