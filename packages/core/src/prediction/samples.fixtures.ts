/** Chance for tests that need much of it: the same numbers for the same seed (mulberry32, public domain). */
export interface Chance {
  /** In [0, 1). */
  uniform(): number;
  /** Between two positive numbers, as likely in each doubling. */
  between(least: number, most: number): number;
  /** A factor whose logarithm is normal, with median 1. */
  factor(deviation: number): number;
}

export function createChance(seed: number): Chance {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    between: (least, most) => least * (most / least) ** uniform(),
    factor: (deviation) => Math.exp(deviation * normal()),
  };
}

/** How far two positive numbers are apart, whichever is larger: 0.1 is 10 %. */
export const apart = (a: number, b: number): number => Math.max(a / b, b / a) - 1;
