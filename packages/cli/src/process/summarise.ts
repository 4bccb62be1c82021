import type { Outcome } from './out-file.ts';

export interface Summary {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  /** Documents without an outcome. */
  readonly missing: number;
  /** Of documents that have pages. */
  readonly pages: number;
  readonly chunks: number;
  /** Error code → documents. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly local: number;
  readonly cloud: number;
  readonly simulated: number;
  /** Backend → documents. */
  readonly backends: Readonly<Record<string, number>>;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

/** Sums up the documents over every run that wrote to the same file. */
export function summarise(paths: readonly string[], outcomes: ReadonlyMap<string, Outcome>): Summary {
  const counts = { completed: 0, failed: 0, cancelled: 0, expired: 0 };
  const served = { local: 0, cloud: 0 };
  const reasons = new Map<string, number>();
  const backends = new Map<string, number>();
  const sums = {
    missing: 0,
    pages: 0,
    chunks: 0,
    simulated: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: 0,
  };
  for (const path of paths) {
    const outcome = outcomes.get(path);
    if (outcome === undefined) {
      sums.missing += 1;
      continue;
    }
    counts[outcome.status] += 1;
    if (outcome.servedBy !== undefined) served[outcome.servedBy] += 1;
    if (outcome.backend !== undefined) countIn(backends, outcome.backend);
    if (outcome.status !== 'completed') countIn(reasons, outcome.errorCode ?? outcome.status);
    if (outcome.simulated) sums.simulated += 1;
    sums.pages += outcome.pages;
    sums.chunks += outcome.chunks;
    sums.input_tokens += outcome.inputTokens;
    sums.output_tokens += outcome.outputTokens;
    sums.cost_usd += outcome.costUsd;
  }
  return {
    total: paths.length,
    ...counts,
    ...served,
    reasons: Object.fromEntries(reasons),
    backends: Object.fromEntries(backends),
    ...sums,
    // sums of dollars in floating point: a millionth is the unit the platform bills in
    cost_usd: Math.round(sums.cost_usd * 1e6) / 1e6,
  };
}

function countIn(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
