/**
 * Two 32-bit lanes of MurmurHash3 (Austin Appleby, public domain: github.com/aappleby/smhasher), with the constants of
 * lanes 1 and 2 of its x86_128 variant, both fed every word. Fast in 32-bit arithmetic and well distributed; it keeps no
 * secrets, and whoever wants collisions finds them, but only among texts of the same tenant.
 */
export interface PrefixHash {
  /** Takes in one word of 32 bits. */
  add(word: number): void;
  /** Takes in the UTF-16 units of a part of a text, one word each. */
  addText(text: string, from: number, to: number): void;
  /** 53 bits of everything taken in so far. */
  value(): number;
}

export function createPrefixHash(): PrefixHash {
  let a = 0x9747b28c;
  let b = 0x3c6ef372;
  let words = 0;

  function add(word: number): void {
    let mixedA = Math.imul(word, 0x239b961b);
    mixedA = (mixedA << 15) | (mixedA >>> 17);
    a ^= Math.imul(mixedA, 0xab0e9789);
    a = (a << 19) | (a >>> 13);
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    let mixedB = Math.imul(word, 0xab0e9789);
    mixedB = (mixedB << 16) | (mixedB >>> 16);
    b ^= Math.imul(mixedB, 0x38b34ae5);
    b = (b << 17) | (b >>> 15);
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;
    words += 1;
  }

  return {
    add,
    addText: (text, from, to) => {
      for (let index = from; index < to; index += 1) add(text.charCodeAt(index));
    },
    value: () => {
      const mixedA = finish((a ^ words) + (b ^ words));
      const mixedB = finish((b ^ words) + mixedA);
      return (mixedB & 0x1fffff) * 0x1_0000_0000 + (mixedA >>> 0);
    },
  };
}

/** `fmix32` of MurmurHash3: every bit of its input changes every bit of its output half of the time. */
function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
