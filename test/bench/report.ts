import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { BenchTable } from './bench-table.ts';

/** One measured figure beside its baseline of the same run. Lower is better unless the aim says "at least". */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: string | null;
  readonly baseline_value: number | null;
  readonly ratio: number | null;
  readonly aim: string | null;
  readonly met: boolean | null;
}

export interface BenchReport {
  readonly bench: string;
  readonly commit: string;
  readonly machine: string;
  readonly runs: number;
  readonly figures: readonly Figure[];
  readonly tables: readonly BenchTable[];
}

export interface FigureInput {
  readonly name: string;
  /** One value a run; the median is reported. */
  readonly values: readonly number[];
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly values: readonly number[] };
  readonly aim?: Aim;
}

/** Of the value itself, or of the value as a share of the baseline's. */
type Aim =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly atLeastOfBaseline: number }
  | { readonly atMostOfBaseline: number };

/** A figure as the median of its runs. */
export function figure({ name, values, unit, baseline, aim }: FigureInput): Figure {
  const value = median(values);
  const baselineValue = baseline === undefined ? null : median(baseline.values);
  const ratio = baselineValue === null || baselineValue === 0 ? null : value / baselineValue;
  return {
    name,
    value: rounded(value),
    unit,
    baseline: baseline?.name ?? null,
    baseline_value: baselineValue === null ? null : rounded(baselineValue),
    ratio: ratio === null ? null : rounded(ratio),
    aim: aim === undefined ? null : describeAim(aim, unit),
    met: aim === undefined ? null : isMet(aim, value, ratio ?? Number.NaN),
  };
}

function describeAim(aim: Aim, unit: string): string {
  if ('atMost' in aim) return `<= ${aim.atMost} ${unit}`;
  if ('atMostOfBaseline' in aim) return `<= ${aim.atMostOfBaseline}x`;
  return 'atLeast' in aim ? `>= ${aim.atLeast} ${unit}` : `>= ${aim.atLeastOfBaseline}x`;
}

function isMet(aim: Aim, value: number, ratio: number): boolean {
  if ('atMost' in aim) return value <= aim.atMost;
  if ('atMostOfBaseline' in aim) return ratio <= aim.atMostOfBaseline;
  return 'atLeast' in aim ? value >= aim.atLeast : ratio >= aim.atLeastOfBaseline;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Nearest rank; NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

const root = fileURLToPath(new URL('../..', import.meta.url));

const git = (...args: readonly string[]): string =>
  execFileSync('git', [...args], { cwd: root, encoding: 'utf8' }).trim();

/** The commit measured, marked when the tree had other changes; "unknown" outside a repository. */
export function commit(): string {
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+changes'}`;
  } catch {
    return 'unknown';
  }
}

export function machine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown CPU'}, ${gib} GiB, ${process.platform}, Node ${process.versions.node}`;
}
