/** The same items, and how many of `total` have been taken so far, told at each percent. */
export function* counted<Item>(
  items: Iterable<Item>,
  total: number,
  tell: (share: number) => void,
): Generator<Item, void, undefined> {
  const step = Math.max(1, Math.floor(total / 100));
  let taken = 0;
  for (const item of items) {
    taken += 1;
    if (taken % step === 0) tell(taken / total);
    yield item;
  }
}
