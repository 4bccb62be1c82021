/** Virtual milliseconds per real millisecond; `instant` (or Infinity) answers without any wait. */
export type SimSpeed = number | 'instant';

/** The factor as a number; refuses zero, negative numbers and NaN. */
export function speedFactor(speed: SimSpeed): number {
  const factor = speed === 'instant' ? Infinity : speed;
  if (!(factor > 0)) throw new RangeError(`speed must be above 0 or 'instant', not ${speed}`);
  return factor;
}

/** Reads a speed from a command line; undefined when it is none. */
export function parseSpeed(raw: string): SimSpeed | undefined {
  if (raw === 'instant') return 'instant';
  const factor = Number(raw);
  return raw.trim() !== '' && factor > 0 ? factor : undefined;
}
