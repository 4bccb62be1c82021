export interface RateMeter {
  add(documents: number, tokens: number): void;
  /** Of the last minute; `undefined` until there is something to measure. */
  readonly perSecond: () => { readonly documents: number; readonly tokens: number } | undefined;
}

const WINDOW_MS = 60_000;
const SHORTEST_MS = 1000;
const MARK_EVERY_MS = 1000;

/** Measures how fast documents end, over the last minute. */
export function createRateMeter(nowMs: () => number): RateMeter {
  const sum = { documents: 0, tokens: 0 };
  let marks = [{ atMs: nowMs(), ...sum }];
  return {
    add: (documents, tokens) => {
      sum.documents += documents;
      sum.tokens += tokens;
    },
    perSecond: () => {
      const atMs = nowMs();
      marks = marks.filter((mark, index) => index === marks.length - 1 || atMs - mark.atMs <= WINDOW_MS);
      const [first] = marks;
      const lastAtMs = marks.at(-1)?.atMs ?? atMs;
      if (atMs - lastAtMs >= MARK_EVERY_MS) marks.push({ atMs, ...sum });
      if (first === undefined || atMs - first.atMs < SHORTEST_MS) return undefined;
      const seconds = (atMs - first.atMs) / 1000;
      return {
        documents: (sum.documents - first.documents) / seconds,
        tokens: (sum.tokens - first.tokens) / seconds,
      };
    },
  };
}
