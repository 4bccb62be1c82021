/**
 * What no local backend of a group has room for in the rest of a plan, as the least of it: a job that needs as much, of
 * a tenant that was charged as much, need not ask. Room only goes while a plan is made, and charges only grow.
 */
export class RefusedRoom {
  /** None of them covers another one: few, because those that are looked at come by what their tenants were charged. */
  #least: readonly Need[] = [];

  covers(tokens: number, virtualTokens: number): boolean {
    return this.#least.some((need) => need.tokens <= tokens && need.virtualTokens <= virtualTokens);
  }

  /** A job of so many KV tokens was refused everywhere for want of room, or for the sake of a pinned job. */
  add(tokens: number, virtualTokens: number): void {
    const others = this.#least.filter((need) => need.tokens < tokens || need.virtualTokens < virtualTokens);
    this.#least = [...others, { tokens, virtualTokens }];
  }
}

interface Need {
  readonly tokens: number;
  readonly virtualTokens: number;
}
