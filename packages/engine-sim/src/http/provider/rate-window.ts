const WINDOW_MS = 60_000;

export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window starts anew. */
  readonly resetMs: number;
}

/** What an account without a limit of ours says in its headers. */
const GENEROUS_LIMIT = 10_000;

/** Requests per minute in fixed windows that start with the first request; without a limit nothing is refused. */
export class RateWindow {
  readonly #limit: number | undefined;
  #startedAtMs = -Infinity;
  #used = 0;

  constructor(requestsPerMinute: number | undefined) {
    this.#limit = requestsPerMinute;
  }

  /** Counts a request, unless it is one too many. */
  take(nowMs: number): RateState {
    if (nowMs - this.#startedAtMs >= WINDOW_MS) {
      this.#startedAtMs = nowMs;
      this.#used = 0;
    }
    const resetMs = this.#startedAtMs + WINDOW_MS - nowMs;
    const limit = this.#limit;
    if (limit === undefined) {
      return { allowed: true, limit: GENEROUS_LIMIT, remaining: GENEROUS_LIMIT - 1, resetMs };
    }
    const allowed = this.#used < limit;
    if (allowed) this.#used += 1;
    return { allowed, limit, remaining: limit - this.#used, resetMs };
  }

  reset(): void {
    this.#startedAtMs = -Infinity;
  }
}
