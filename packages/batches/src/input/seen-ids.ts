/**
 * Which custom ids a file used, and on which line first. Ids are kept as 64 bits of a hash, however long they are:
 * 50,000 take 1.5 MB, ten million 200 MB and 300 MB while the table grows. Two ids of such a file share a hash once in
 * 300,000 files; the seeds are drawn anew for every validation, so the same file then passes.
 */
export interface SeenIds {
  /** The line of an earlier use; undefined for a new id, which is noted. Lines count from 1. */
  note(id: string, line: number): number | undefined;
}

export function createSeenIds(seeds: readonly [number, number]): SeenIds {
  let capacity = SMALLEST;
  let table = new Uint32Array(capacity * WORDS);
  let used = 0;

  /** Where the entry of a hash is, or is to be: the first free place from the one its bits name. */
  const find = (low: number, high: number): number => {
    let place = (low & (capacity - 1)) * WORDS;
    while (table[place + LINE] !== 0 && (table[place] !== low || table[place + 1] !== high)) {
      place = place + WORDS === table.length ? 0 : place + WORDS;
    }
    return place;
  };

  const put = (place: number, low: number, high: number, line: number): void => {
    table[place] = low;
    table[place + 1] = high;
    table[place + LINE] = line;
  };

  const grow = (): void => {
    const old = table;
    capacity *= 2;
    table = new Uint32Array(capacity * WORDS);
    for (let entry = 0; entry < old.length; entry += WORDS) {
      const line = old[entry + LINE] ?? 0;
      if (line === 0) continue;
      const low = old[entry] ?? 0;
      const high = old[entry + 1] ?? 0;
      put(find(low, high), low, high, line);
    }
  };

  return {
    note: (id, line) => {
      const low = hash(id, seeds[0], 0xcc9e2d51);
      const high = hash(id, seeds[1], 0x239b961b);
      const place = find(low, high);
      const before = table[place + LINE];
      if (before !== undefined && before !== 0) return before;
      put(place, low, high, line);
      used += 1;
      if (used * 3 > capacity * 2) grow();
      return undefined;
    },
  };
}

/** Two words of hash and the line: 0 for a free place. */
const WORDS = 3;
const LINE = 2;
const SMALLEST = 1024;

/**
 * MurmurHash3 over UTF-16 units (public domain, https://github.com/aappleby/smhasher): 32 bits. With another multiplier
 * it is another function: texts that share one hash are no more likely to share the other.
 */
function hash(text: string, seed: number, multiplier: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    let unit = Math.imul(text.charCodeAt(index), multiplier);
    unit = Math.imul((unit << 15) | (unit >>> 17), 0x1b873593);
    value ^= unit;
    value = (Math.imul((value << 13) | (value >>> 19), 5) + 0xe6546b64) | 0;
  }
  value ^= text.length;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
