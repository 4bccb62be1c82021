import type { Figure } from './report.ts';

/** A benchmark: measures ours and its baseline in the same run, and reports medians over `runs`. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly runs: number;
  run(context: BenchContext): Promise<readonly Figure[]>;
}

interface BenchContext {
  /** Hears how far it is. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** What the platform's processes inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
