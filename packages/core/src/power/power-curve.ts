interface CurvePoint {
  readonly limitPercent: number;
  readonly busyWatts: number;
  readonly speed: number;
}

/**
 * Sustained inference on an RTX 4090 under a power limit, as published by thorstenmeyerai.com: 55 % of the power leaves
 * 89 % of the speed.
 */
const CURVE: readonly CurvePoint[] = [
  { limitPercent: 40, busyWatts: 180, speed: 0.613 },
  { limitPercent: 50, busyWatts: 220, speed: 0.826 },
  { limitPercent: 55, busyWatts: 240, speed: 0.892 },
  { limitPercent: 60, busyWatts: 260, speed: 0.915 },
  { limitPercent: 70, busyWatts: 300, speed: 0.934 },
  { limitPercent: 80, busyWatts: 330, speed: 0.986 },
  { limitPercent: 100, busyWatts: 390, speed: 1 },
];
/** Assumed, not published: what the card draws with nothing to do. */
const IDLE_WATTS = 22;

export interface Power {
  /** What a GPU draws while it computes, and while it does not. */
  readonly busyWatts: number;
  readonly idleWatts: number;
  /** Share of full speed that the limit leaves, in (0, 1]. */
  readonly speed: number;
}

/** What an RTX 4090 draws and loses under a power limit of 40 to 100 percent; values outside are clamped. */
export function powerUnder(limitPercent: number): Power {
  const percent = Math.min(100, Math.max(40, limitPercent));
  // The curve has both ends of what is left.
  const above = CURVE.find((point) => point.limitPercent >= percent) as CurvePoint;
  const below = CURVE.findLast((point) => point.limitPercent <= percent) as CurvePoint;
  const width = above.limitPercent - below.limitPercent;
  const share = width === 0 ? 0 : (percent - below.limitPercent) / width;
  return {
    idleWatts: IDLE_WATTS,
    busyWatts: below.busyWatts + share * (above.busyWatts - below.busyWatts),
    speed: below.speed + share * (above.speed - below.speed),
  };
}
