import type { LineOutcome } from '@spillway/core';

const OUTCOMES = ['completed', 'failed', 'cancelled', 'expired'] as const;
type Counts = Readonly<Record<(typeof OUTCOMES)[number], number>>;

/** Which lines have been written down, a bit each, and how often each outcome was. */
export interface Tally {
  add(outcome: Pick<LineOutcome, 'line' | 'outcome'>): void;
  has(line: number): boolean;
  readonly counts: Counts;
  readonly lines: number;
  /** What is wrong when these are to be all lines, and the store counted so; undefined: nothing. */
  disagreement(counted: Counts): string | undefined;
}

/** @param total lines of the batch, numbered from 0 */
export function createTally(total: number): Tally {
  const bits = new Uint8Array(Math.ceil(total / 8));
  const counts = { completed: 0, failed: 0, cancelled: 0, expired: 0 };
  let lines = 0;
  let twice: number | undefined;
  let beyond: number | undefined;
  const has = (line: number): boolean => (((bits[line >> 3] ?? 0) >> (line & 7)) & 1) === 1;
  return {
    add: ({ line, outcome }) => {
      if (line >= total) beyond ??= line;
      else if (has(line)) twice ??= line;
      else bits[line >> 3] = (bits[line >> 3] ?? 0) | (1 << (line & 7));
      counts[outcome] += 1;
      lines += 1;
    },
    has,
    get counts() {
      return counts;
    },
    get lines() {
      return lines;
    },
    disagreement: (counted) => {
      if (beyond !== undefined) return `line ${beyond} of ${total}`;
      if (twice !== undefined) return `line ${twice} twice`;
      if (lines !== total) return `${lines} of ${total} lines`;
      const wrong = OUTCOMES.find((outcome) => counts[outcome] !== counted[outcome]);
      return wrong && `${counts[wrong]} ${wrong} lines where ${counted[wrong]} were counted`;
    },
  };
}
