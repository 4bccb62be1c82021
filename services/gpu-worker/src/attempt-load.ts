/** What went on at an engine, by this worker's own count, while one attempt ran. */
export interface LoadSeen {
  readonly durationMs: number;
  /** Attempts in flight on average over that time, itself included; 1 or more. */
  readonly sequences: number;
  /** Prompt tokens of the others that the engine read meanwhile. */
  readonly joinedTokens: number;
}

/** An attempt under way, as `begin` gave it out. */
interface LoadHandle {
  readonly promptTokens: number;
  readonly beganAtMs: number;
  readonly attemptMs: number;
  readonly readTokens: number;
}

export interface AttemptLoad {
  /** Times must not decrease. */
  begin(nowMs: number, promptTokens: number): LoadHandle;
  /** Ends an attempt, also one that failed; undefined for a handle that was ended before. */
  end(handle: LoadHandle, nowMs: number): LoadSeen | undefined;
}

/** About a step of an engine: prompts that come within it are read together, and each waits for all of them. */
const TOGETHER_MS = 20;

/**
 * Counts attempts in flight over time, and the prompts that began: an attempt's figures are how far the two sums have
 * risen over its life. Nothing is kept of attempts that have ended.
 */
export function createAttemptLoad(): AttemptLoad {
  const open = new Set<LoadHandle>();
  let atMs = 0;
  /** Integral over time: attempts x ms. */
  let attemptMs = 0;
  /** Prompts that began up to a step ago, in tokens, and those that began since. */
  let readTokens = 0;
  let beginning: readonly LoadHandle[] = [];

  const advance = (nowMs: number): void => {
    const lengthMs = Math.max(0, nowMs - atMs);
    attemptMs += open.size * lengthMs;
    atMs += lengthMs;
    const isRead = ({ beganAtMs }: LoadHandle): boolean => beganAtMs <= atMs - TOGETHER_MS;
    for (const { promptTokens } of beginning.filter(isRead)) readTokens += promptTokens;
    beginning = beginning.filter((handle) => !isRead(handle));
  };
  return {
    begin: (nowMs, promptTokens) => {
      advance(nowMs);
      const handle = { promptTokens, beganAtMs: atMs, attemptMs, readTokens };
      open.add(handle);
      beginning = [...beginning, handle];
      return handle;
    },
    end: (handle, nowMs) => {
      advance(nowMs);
      if (!open.delete(handle)) return undefined;
      const durationMs = atMs - handle.beganAtMs;
      const isOwnRead = durationMs >= TOGETHER_MS ? handle.promptTokens : 0;
      const others = durationMs === 0 ? open.size : (attemptMs - handle.attemptMs) / durationMs - 1;
      return {
        durationMs,
        sequences: 1 + Math.max(0, others),
        joinedTokens: Math.max(0, readTokens - handle.readTokens - isOwnRead),
      };
    },
  };
}
