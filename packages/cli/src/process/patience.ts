import { setTimeout as sleep } from 'node:timers/promises';
import { SpillwayError, type SpillwayErrorCode } from '@spillway/client';

export interface Patience {
  /** How long an outage may last, in ms. */
  readonly outageMs: number;
  /** How long the platform may be full, in ms: our own batches make room as they finish. */
  readonly fullMs: number;
  readonly firstPauseMs: number;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Called once when trouble begins and with `undefined` when it ends. */
  readonly onTrouble: (error: SpillwayError | undefined) => void;
}

const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps trying what must work in the end, such as a run over a night: through outages and a full queue, within their
 * limits, with growing pauses. `call` must be safe to repeat. Anything else is thrown at once.
 */
export async function withPatience<Value>(call: () => Promise<Value>, patience: Patience): Promise<Value> {
  const { signal, nowMs, onTrouble } = patience;
  let beganAtMs: number | undefined;
  for (let pauseMs = patience.firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      const value = await call();
      if (beganAtMs !== undefined) onTrouble(undefined);
      return value;
    } catch (error) {
      if (!(error instanceof SpillwayError)) throw error;
      const limitMs = limitFor(error, patience);
      if (limitMs === undefined) throw error;
      if (beganAtMs === undefined) onTrouble(error);
      beganAtMs ??= nowMs();
      if (nowMs() - beganAtMs > limitMs) throw error;
      await sleep(Math.min(error.retryAfterMs ?? pauseMs, LONGEST_PAUSE_MS), undefined, { signal });
    }
  }
}

/** Failures that pass by themselves; every other one would be the same again. */
const PASSING: Partial<Record<SpillwayErrorCode, 'outageMs' | 'fullMs'>> = {
  'tenant-quota-exceeded': 'fullMs',
  'tenant-rate-limited': 'fullMs',
  'too-many-streams': 'fullMs',
  unreachable: 'outageMs',
  'timed-out': 'outageMs',
  'store-unavailable': 'outageMs',
  'internal-error': 'outageMs',
};
const GATEWAY_STATUS: ReadonlySet<number | undefined> = new Set([502, 503, 504]);

function limitFor({ code, status }: SpillwayError, patience: Patience): number | undefined {
  // a gateway in front of the platform answers for it
  const kind = code === 'unexpected-answer' && GATEWAY_STATUS.has(status) ? 'outageMs' : PASSING[code];
  return kind === undefined ? undefined : patience[kind];
}
