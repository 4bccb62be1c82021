export interface BackoffOptions {
  readonly firstMs: number;
  readonly capMs: number;
  /** After a run of at least this long the next delay is the first one again. */
  readonly healthyMs: number;
}

/** Delays between restarts: doubling from `firstMs` to `capMs`, and from the start again after a healthy run. */
export function createBackoff({ firstMs, capMs, healthyMs }: BackoffOptions): {
  /** How long to wait, in milliseconds, after a run that lasted `ranMs`. */
  next(ranMs: number): number;
} {
  let failures = 0;
  return {
    next: (ranMs) => {
      failures = ranMs >= healthyMs ? 0 : failures;
      const delayMs = Math.min(capMs, firstMs * 2 ** failures);
      failures += 1;
      return delayMs;
    },
  };
}
