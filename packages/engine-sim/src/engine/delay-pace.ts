import { setTimeout as delay } from 'node:timers/promises';
import type { Pace, PaceEnd } from './pace.ts';

export interface DelayPaceOptions {
  readonly tokens: number;
  /** Real milliseconds until the first token, and from one token to the next. */
  readonly firstTokenMs: number;
  readonly perTokenMs: number;
  readonly signal: AbortSignal;
}

/** Below this a timer is not worth its cost: tokens closer together come in one piece. */
const SHORTEST_WAIT_MS = 10;

/** Tokens at a steady pace from now on, as a provider with capacity to spare delivers them. */
export function createDelayPace({ tokens, firstTokenMs, perTokenMs, signal }: DelayPaceOptions): Pace {
  const startedAtMs = performance.now();
  const dueMs = (count: number): number => firstTokenMs + perTokenMs * (count - 1);
  const wait = async (untilMs: number): Promise<PaceEnd> => {
    const leftMs = startedAtMs + untilMs - performance.now();
    if (signal.aborted) return 'aborted';
    if (leftMs <= 0) return 'finished';
    try {
      await delay(leftMs, undefined, { signal });
      return 'finished';
    } catch {
      return 'aborted';
    }
  };
  return {
    ended: () => wait(dueMs(tokens)),
    progressBeyond: async (count) => {
      if (count >= tokens) return tokens;
      const elapsedMs = performance.now() - startedAtMs;
      const end = await wait(
        Math.min(dueMs(tokens), Math.max(dueMs(count + 1), elapsedMs + SHORTEST_WAIT_MS)),
      );
      if (end === 'aborted') return count;
      if (perTokenMs <= 0) return tokens;
      const come = Math.floor((performance.now() - startedAtMs - firstTokenMs) / perTokenMs) + 1;
      return Math.min(tokens, Math.max(count + 1, come));
    },
  };
}
