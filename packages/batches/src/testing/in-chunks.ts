/** A source that hands over bytes in pieces, cut at those places. */
export async function* inChunks(
  bytes: Uint8Array | string,
  borders: readonly number[] = [],
): AsyncGenerator<Uint8Array, void, undefined> {
  const whole = Buffer.from(bytes);
  const places = [...new Set(borders.map((border) => Math.min(border, whole.length)))].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  for (const place of [...places, whole.length]) {
    if (place > from) yield whole.subarray(from, place);
    from = place;
  }
}
