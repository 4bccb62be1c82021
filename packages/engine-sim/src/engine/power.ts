interface CurvePoint {
  readonly limitPercent: number;
  readonly busyWatts: number;
  readonly speed: number;
}

/** Sustained local inference on an RTX 4090 under a power limit, as published by thorstenmeyerai.com. */
const CURVE: readonly CurvePoint[] = [
  { limitPercent: 40, busyWatts: 180, speed: 0.613 },
  { limitPercent: 50, busyWatts: 220, speed: 0.826 },
  { limitPercent: 55, busyWatts: 240, speed: 0.892 },
  { limitPercent: 60, busyWatts: 260, speed: 0.915 },
  { limitPercent: 70, busyWatts: 300, speed: 0.934 },
  { limitPercent: 80, busyWatts: 330, speed: 0.986 },
  { limitPercent: 100, busyWatts: 390, speed: 1 },
];
const DEFAULT_LIMIT_WATTS = 450;
const BUSY_CELSIUS_AT_FULL_POWER = 72;
/** Assumed, not published: what the card draws and how warm it is with nothing to do. */
const IDLE_WATTS = 22;
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
  const { busyWatts, speed } = interpolate(percent);
  const fullWatts = interpolate(100).busyWatts;
  return {
    idleWatts: IDLE_WATTS,
    busyWatts,
    limitWatts: (DEFAULT_LIMIT_WATTS * percent) / 100,
    speed,
    idleCelsius: IDLE_CELSIUS,
    busyCelsius: IDLE_CELSIUS + ((BUSY_CELSIUS_AT_FULL_POWER - IDLE_CELSIUS) * busyWatts) / fullWatts,
  };
}

function interpolate(percent: number): { readonly busyWatts: number; readonly speed: number } {
  const above = CURVE.find((point) => point.limitPercent >= percent);
  const below = CURVE.findLast((point) => point.limitPercent <= percent);
  if (above === undefined || below === undefined) throw new Error(`outside the power curve: ${percent}`);
  if (above === below) return above;
  const share = (percent - below.limitPercent) / (above.limitPercent - below.limitPercent);
  return {
    busyWatts: below.busyWatts + share * (above.busyWatts - below.busyWatts),
    speed: below.speed + share * (above.speed - below.speed),
  };
}
