import type { EpochMs } from '@spillway/core';

/** Answers every question with the first instant it was asked at: one clock tells both, whatever this machine's says. */
export function createFirstInstant(): (nowMs: EpochMs) => EpochMs {
  let first: EpochMs | undefined;
  return (nowMs) => {
    first ??= nowMs;
    return first;
  };
}
