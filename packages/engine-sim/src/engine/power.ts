import { powerUnder } from '@spillway/core';

const DEFAULT_LIMIT_WATTS = 450;
const BUSY_CELSIUS_AT_FULL_POWER = 72;
/** Assumed, not published: how warm the card is with nothing to do. */
const IDLE_CELSIUS = 38;

export interface PowerModel {
  readonly idleWatts: number;
  readonly busyWatts: number;
  readonly limitWatts: number;
  /** Share of full speed in (0, 1] that the limit leaves. */
  readonly speed: number;
  readonly idleCelsius: number;
  readonly busyCelsius: number;
}

/** What a 4090 draws and loses under a limit of 40 to 100 percent; values outside are clamped. */
export function powerModel(limitPercent: number): PowerModel {
  const percent = Math.min(100, Math.max(40, limitPercent));
  const { busyWatts, idleWatts, speed } = powerUnder(percent);
  const fullWatts = powerUnder(100).busyWatts;
  return {
    idleWatts,
    busyWatts,
    limitWatts: (DEFAULT_LIMIT_WATTS * percent) / 100,
    speed,
    idleCelsius: IDLE_CELSIUS,
    busyCelsius: IDLE_CELSIUS + ((BUSY_CELSIUS_AT_FULL_POWER - IDLE_CELSIUS) * busyWatts) / fullWatts,
  };
}
