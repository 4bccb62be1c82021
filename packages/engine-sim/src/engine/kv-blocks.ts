/** Tokens per block of the KV cache, as in vLLM. */
export const BLOCK_TOKENS = 16;

export const blocksFor = (tokens: number): number => Math.ceil(tokens / BLOCK_TOKENS);

/** The KV cache as a stock of blocks; giving out more than there is throws, because the caller must ask first. */
export class KvBlocks {
  readonly total: number;
  #free: number;

  constructor(capacityTokens: number) {
    this.total = Math.floor(capacityTokens / BLOCK_TOKENS);
    this.#free = this.total;
  }

  get free(): number {
    return this.#free;
  }

  /** Share of all blocks in use, 0 to 1. */
  get used(): number {
    return this.total === 0 ? 0 : 1 - this.#free / this.total;
  }

  take(blocks: number): void {
    if (blocks > this.#free) throw new Error(`asked for ${blocks} KV blocks, ${this.#free} are free`);
    this.#free -= blocks;
  }

  give(blocks: number): void {
    this.#free += blocks;
    if (this.#free > this.total) throw new Error('more KV blocks came back than were given out');
  }
}
