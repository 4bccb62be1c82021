import type { EpochMs } from '@spillway/core';

/** An attempt under way, as `begin` gave it out. */
export interface EnergyHandle {
  readonly joulesAtStart: number;
  readonly blindMsAtStart: number;
}

export interface EnergyMeter {
  /**
   * A power sample, `undefined` when it could not be read. `inFlight` counts all attempts on the engine, those of
   * other clients included, which carry their share.
   */
  observe(nowMs: EpochMs, watts: number | undefined, inFlight: number): void;
  begin(nowMs: EpochMs): EnergyHandle;
  /** Joules of this attempt; undefined when the power was unknown for a part of it, or the handle was ended before. */
  end(handle: EnergyHandle, nowMs: EpochMs): number | undefined;
}

/** A sample is held this long; without a newer one the power is unknown from then on. */
const HOLD_MS = 10_000;

/**
 * Shares the GPU's energy among the attempts running on it: while n of them run, each is charged 1/n of the power.
 * A counter of joules per attempt rises with time, so an attempt costs its rise between begin and end. Energy spent
 * while nothing runs is charged to nobody.
 */
export function createEnergyMeter(): EnergyMeter {
  const open = new Set<EnergyHandle>();
  let atMs: EpochMs | undefined;
  let sample: { readonly watts: number; readonly atMs: EpochMs } | undefined;
  let others = 0;
  let joulesPerAttempt = 0;
  let blindMs = 0;

  /** Brings the counters up to `nowMs` at the power and the sharing that held until now. */
  const advance = (nowMs: EpochMs): void => {
    const fromMs = atMs ?? nowMs;
    const lengthMs = Math.max(0, nowMs - fromMs);
    const heldUntilMs = sample === undefined ? fromMs : Math.min(nowMs, sample.atMs + HOLD_MS);
    const knownMs = Math.min(lengthMs, Math.max(0, heldUntilMs - fromMs));
    if (open.size > 0) {
      joulesPerAttempt += ((sample?.watts ?? 0) * (knownMs / 1000)) / (open.size + others);
      blindMs += lengthMs - knownMs;
    }
    atMs = fromMs + lengthMs;
  };

  return {
    observe: (nowMs, watts, inFlight) => {
      advance(nowMs);
      others = Math.max(0, inFlight - open.size);
      if (watts !== undefined) sample = { watts, atMs: nowMs };
    },
    begin: (nowMs) => {
      advance(nowMs);
      const handle = { joulesAtStart: joulesPerAttempt, blindMsAtStart: blindMs };
      open.add(handle);
      return handle;
    },
    end: (handle, nowMs) => {
      advance(nowMs);
      if (!open.delete(handle) || blindMs > handle.blindMsAtStart) return undefined;
      return joulesPerAttempt - handle.joulesAtStart;
    },
  };
}
