/**
 * An endless, repeatable row of numbers in [0, 1) for one seed and one purpose: what is drawn for one purpose does not
 * move what is drawn for another.
 */
export function seededRandom(seed: number, purpose: string): () => number {
  let state = seed >>> 0;
  for (const character of purpose)
    state = (Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x0100_0193) ^ seed) >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
