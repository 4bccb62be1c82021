import type { JournalLine } from '../history/journal.ts';

/** When each input reached one of the simulators, oldest first, by its digest. */
export function arrivalsByDigest(lines: readonly JournalLine[]): ReadonlyMap<string, readonly number[]> {
  const arrivals = new Map<string, number[]>();
  for (const { event, digests, at } of lines) {
    if (event !== 'arrived') continue;
    for (const digest of digests) {
      const times = arrivals.get(digest);
      if (times === undefined) arrivals.set(digest, [at]);
      else times.push(at);
    }
  }
  for (const times of arrivals.values()) times.sort((a, b) => a - b);
  return arrivals;
}
