import type { Outcome } from './out-file.ts';

export interface Summary {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  /** Documents of the folder without an outcome. */
  readonly missing: number;
  /** Error code → documents. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly local: number;
  readonly cloud: number;
  readonly simulated: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

/** Sums up the documents of the folder over every run that wrote to the same file. */
export function summarise(paths: readonly string[], outcomes: ReadonlyMap<string, Outcome>): Summary {
  const counts = { completed: 0, failed: 0, cancelled: 0, expired: 0 };
  const served = { local: 0, cloud: 0 };
  const reasons: Record<string, number> = {};
  const sums = { missing: 0, simulated: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 };
  for (const path of paths) {
    const outcome = outcomes.get(path);
    if (outcome === undefined) {
      sums.missing += 1;
      continue;
    }
    counts[outcome.status] += 1;
    if (outcome.servedBy !== undefined) served[outcome.servedBy] += 1;
    if (outcome.simulated) sums.simulated += 1;
    if (outcome.status !== 'completed') {
      const reason = outcome.errorCode ?? outcome.status;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    sums.input_tokens += outcome.inputTokens;
    sums.output_tokens += outcome.outputTokens;
    sums.cost_usd += outcome.costUsd;
  }
  // sums of dollars in floating point: a millionth is the unit the platform bills in
  const cost_usd = Math.round(sums.cost_usd * 1e6) / 1e6;
  return { total: paths.length, ...counts, ...served, reasons, ...sums, cost_usd };
}
