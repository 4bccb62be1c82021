import { findBorder } from './find-border.ts';

export interface ChunkOptions {
  /** At least 1. */
  readonly maxTokens: number;
  /** Tokens of a text; more text never has fewer. */
  readonly estimate: (text: string) => number;
}

/**
 * Parts a text into chunks of at most so many tokens, in order, without overlap. A chunk ends where a paragraph does,
 * else a line, a sentence, a word, a character as readers see it, or at last a code point; only blanks are lost, those at
 * both ends of a chunk. A single code point above the limit is a chunk of its own.
 */
export function chunkText(text: string, { maxTokens, estimate }: ChunkOptions): readonly string[] {
  if (!(maxTokens >= 1)) throw new RangeError(`a chunk needs at least 1 token, not ${maxTokens}`);
  const chunks: string[] = [];
  let start = skipBlanks(text, 0);
  let guess = maxTokens;
  while (start < text.length) {
    const fits = (end: number): boolean => estimate(text.slice(start, end)) <= maxTokens;
    const most = longestFit(start, text.length, guess, fits);
    guess = Math.max(most - start, 1);
    const end = most === text.length ? most : findBorder(text, start, most);
    chunks.push(text.slice(start, end).trimEnd());
    start = skipBlanks(text, end);
  }
  return chunks;
}

/** The furthest end that fits, found by doubling and halving from a guess: some 20 estimates, whatever the length. */
function longestFit(start: number, length: number, guess: number, fits: (end: number) => boolean): number {
  let good = start;
  let bad = length + 1;
  for (let step = guess; good < length && bad > length; step *= 2) {
    const end = Math.min(start + step, length);
    if (fits(end)) good = end;
    else bad = end;
  }
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
    if (good >= length) return length;
  }
  return good;
}

function skipBlanks(text: string, from: number): number {
  BLANKS.lastIndex = from;
  return BLANKS.exec(text) === null ? from : BLANKS.lastIndex;
}

const BLANKS = /\s+/uy;
