/** `24h` as OpenAI has it, and any `Nm`, `Nh` or `Nd` from 1 minute to 14 days, in ms; undefined for anything else. */
export function parseCompletionWindow(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const windowMs = Number(amount) * (unit === 'm' ? MINUTE_MS : unit === 'h' ? HOUR_MS : DAY_MS);
  return windowMs >= MINUTE_MS && windowMs <= 14 * DAY_MS ? windowMs : undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
