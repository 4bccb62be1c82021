import type { BenchTable } from './bench-table.ts';
import type { Figure } from './report.ts';

/** A benchmark: measures ours and its baseline in the same run, and reports medians over `runs`. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly runs: number;
  /** Simulates with seeds 1 to `runs`: `--seeds` and `--quick` change that. */
  readonly seeded?: true;
  run(context: BenchContext): Promise<readonly Figure[]>;
}

interface BenchContext {
  /** Hears how far it is. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly seeds: readonly number[];
  /** A first look: less of everything. */
  readonly quick: boolean;
  /** Hears of figures that belong side by side. */
  readonly show: (table: BenchTable) => void;
  /** What the platform's processes inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
