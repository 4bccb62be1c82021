/** What a refusal for want of room goes by: who needs as much of all of it is refused, too. */
export interface RoomNeed {
  /** Of a KV cache, in tokens, beside one other job; and in a full batch, where more is left free for long answers. */
  readonly alone: number;
  readonly inFullBatch: number;
  /** What its tenant was charged: pinned jobs that are due make no room for it if it had as much as theirs. */
  readonly virtualTokens: number;
}

/**
 * What no local backend of a group has room for in the rest of a plan, as the least of it: a job that needs as much, of
 * a tenant that was charged as much, need not ask. Room only goes while a plan is made, and charges only grow.
 */
export class RefusedRoom {
  /** None of them covers another one: few, because those that are looked at come by what their tenants were charged. */
  #least: readonly RoomNeed[] = [];

  covers(need: RoomNeed): boolean {
    return this.#least.some((least) => isWithin(least, need));
  }

  /** A job was refused everywhere for want of room, or for the sake of a pinned job. */
  add(need: RoomNeed): void {
    if (this.covers(need)) return;
    this.#least = [...this.#least.filter((other) => !isWithin(need, other)), need];
  }
}

/** What is needed in a batch of any size lies between the two: it is the one, and a share of what is between them. */
const isWithin = (least: RoomNeed, need: RoomNeed): boolean =>
  least.alone <= need.alone &&
  least.inFullBatch <= need.inFullBatch &&
  least.virtualTokens <= need.virtualTokens;
