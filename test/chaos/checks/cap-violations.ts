import type { JournalLine } from '../history/journal.ts';
import type { Check } from './violation.ts';

/**
 * An abort reaches the engine as the close of a connection, and a new request on another connection may overtake it:
 * after a stop of the engine both wait in its sockets. What lasts longer than this was sent too early.
 */
const OVERTAKING_MS = 250;

/** The engine never had more requests at once than the backend's `max_concurrency`, by the engine's own count. */
export const capViolations: Check = ({ engine, cap }) =>
  excesses(engine, cap)
    .filter(({ lastedMs }) => lastedMs > OVERTAKING_MS)
    .map(({ beganAtMs, lastedMs, most }) => ({
      figure: 'cap_violations',
      detail: `${most} requests at once at ${new Date(beganAtMs).toISOString()}, over ${cap} for ${lastedMs} ms`,
    }));

interface Excess {
  readonly beganAtMs: number;
  readonly lastedMs: number;
  readonly most: number;
}

function excesses(lines: readonly JournalLine[], cap: number): readonly Excess[] {
  const found: Excess[] = [];
  let open: { readonly beganAtMs: number; most: number } | undefined;
  for (const { at, in_flight: inFlight } of lines) {
    if (inFlight > cap) {
      open ??= { beganAtMs: at, most: 0 };
      open.most = Math.max(open.most, inFlight);
    } else if (open !== undefined) {
      found.push({ ...open, lastedMs: at - open.beganAtMs });
      open = undefined;
    }
  }
  if (open !== undefined) found.push({ ...open, lastedMs: Infinity });
  return found;
}
