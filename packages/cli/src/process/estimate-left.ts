/** What the platform says of one batch. */
export interface BatchOutlook {
  /** Documents of it without an outcome. */
  readonly pending: number;
  readonly finishAtMs: number | undefined;
  readonly perSecond: number | undefined;
}

/**
 * How long a run will take still, in ms: as the platform estimates for what it has, and at the rate measured here for
 * what it has not been sent. `undefined` when neither is known.
 */
export function estimateLeftMs(
  pending: number,
  batches: readonly BatchOutlook[],
  measuredPerSecond: number | undefined,
  nowMs: number,
): number | undefined {
  const open = batches.filter((batch) => batch.pending > 0);
  const unsent = Math.max(0, pending - open.reduce((sum, batch) => sum + batch.pending, 0));
  const finishes = open.map(({ finishAtMs }) => finishAtMs).filter((atMs) => atMs !== undefined);
  const perSecond = positive(measuredPerSecond) ?? positive(sumRates(open));
  const atRate = (documents: number): number | undefined =>
    perSecond === undefined ? undefined : (documents / perSecond) * 1000;
  if (pending === 0) return 0;
  if (open.length === 0 || finishes.length < open.length) return atRate(pending);
  const sentMs = Math.max(0, Math.max(...finishes) - nowMs);
  if (unsent === 0) return sentMs;
  const unsentMs = atRate(unsent);
  return unsentMs === undefined ? undefined : sentMs + unsentMs;
}

const sumRates = (batches: readonly BatchOutlook[]): number =>
  batches.reduce((sum, { perSecond }) => sum + (perSecond ?? 0), 0);

const positive = (rate: number | undefined): number | undefined =>
  rate !== undefined && rate > 0 ? rate : undefined;
