import type { EpochMs } from '@spillway/core';
import type { PriceList } from '../prices/price-list.ts';
import type { RateLimit } from './rate-limits.ts';

/** What adapters take from outside besides their configuration. */
export interface BackendDeps {
  /** Turns dates in `retry-after` headers into waits, and stamps translated answers. */
  readonly nowMs: () => EpochMs;
}

export interface CloudBackendDeps extends BackendDeps {
  readonly prices: PriceList;
  /** Hears what each answer says of the account's limits for that model, by the backend's name; none: it is silent. */
  readonly onRateLimits?: (model: string, limits: readonly RateLimit[]) => void;
}
