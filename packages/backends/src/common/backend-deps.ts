import type { EpochMs } from '@spillway/core';
import type { PriceList } from '../prices/price-list.ts';

/** What adapters take from outside besides their configuration. */
export interface BackendDeps {
  /** Turns dates in `retry-after` headers into waits, and stamps translated answers. */
  readonly nowMs: () => EpochMs;
}

export interface CloudBackendDeps extends BackendDeps {
  readonly prices: PriceList;
}
