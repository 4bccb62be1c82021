/**
 * The same blocks under another owner: integers below 2^53 that agree with each other exactly where the blocks did,
 * and with nobody else's. Salt 0 leaves them as they are.
 */
export const saltPrefix = (prefix: readonly number[], salt: number): readonly number[] =>
  salt === 0 ? prefix : prefix.map((block) => saltBlock(block, salt));

function saltBlock(block: number, salt: number): number {
  const low = mix(block >>> 0, salt);
  const high = mix(Math.floor(block / 0x1_0000_0000) ^ low, salt + 0x9e37);
  return (high & 0x1f_ffff) * 0x1_0000_0000 + mix(low ^ high, 0x51ed);
}

/** The finaliser of murmur3. */
function mix(value: number, salt: number): number {
  let hash = (value ^ Math.imul(salt, 0x9e37_79b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
