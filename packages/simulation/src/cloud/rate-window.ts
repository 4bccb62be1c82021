/** What a provider allows in a minute, by minutes of the clock. */
export interface RateLimit {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
}

const MINUTE_MS = 60_000;

export class RateWindow {
  readonly #limit: RateLimit;
  #minute = 0;
  #requests = 0;
  #tokens = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  left(nowMs: number): { readonly requestsLeft: number; readonly tokensLeft: number } {
    this.#turn(nowMs);
    return {
      requestsLeft: Math.max(0, this.#limit.requestsPerMinute - this.#requests),
      tokensLeft: Math.max(0, this.#limit.tokensPerMinute - this.#tokens),
    };
  }

  /** Takes one request of so many tokens; the instant from which there is room again when there is none. */
  take(nowMs: number, tokens: number): number | undefined {
    const { requestsLeft, tokensLeft } = this.left(nowMs);
    if (requestsLeft < 1 || tokensLeft < Math.min(tokens, this.#limit.tokensPerMinute))
      return (this.#minute + 1) * MINUTE_MS;
    this.#requests += 1;
    this.#tokens += tokens;
    return undefined;
  }

  #turn(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#requests = 0;
    this.#tokens = 0;
  }
}
