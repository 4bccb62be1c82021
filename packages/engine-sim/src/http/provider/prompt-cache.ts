const KEPT = 1_000;
/** Providers cache prefixes of 1,024 tokens and more, in steps of 128. */
const SHORTEST_TOKENS = 1_024;
const STEP_TOKENS = 128;

/** Remembers prefixes it was asked about, so that the second request with the same one reads it from the cache. */
export class PromptCache {
  readonly #seen = new Set<string>();

  /** Tokens of this prefix that would be stored, and those of them that were there already. */
  look(key: string, tokens: number): { readonly cacheable: number; readonly cached: number } {
    if (tokens < SHORTEST_TOKENS) return { cacheable: 0, cached: 0 };
    const cacheable = Math.floor(tokens / STEP_TOKENS) * STEP_TOKENS;
    if (this.#seen.has(key)) return { cacheable, cached: cacheable };
    this.#seen.add(key);
    const oldest = this.#seen.values().next().value;
    if (this.#seen.size > KEPT && oldest !== undefined) this.#seen.delete(oldest);
    return { cacheable, cached: 0 };
  }

  reset(): void {
    this.#seen.clear();
  }
}
