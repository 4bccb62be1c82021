/** Tokens per block of the KV cache, as in vLLM. */
export const BLOCK_TOKENS = 16;

export const blocksFor = (tokens: number): number => Math.ceil(tokens / BLOCK_TOKENS);

/** A block by its place in the cache. */
export type KvBlock = number;

/**
 * The KV cache as vLLM's V1 engine keeps it: a free block remembers the prompt it holds until it is taken for another
 * one, least recently used first, so a prompt with the same beginning finds it. Giving out more than there is throws,
 * because the caller must ask first.
 */
export class KvBlocks {
  readonly total: number;
  /** Blocks nobody has ever used come first; a large cache costs nothing until it is. */
  #fresh = 0;
  /** Used before and held by nobody, least recently used first. */
  readonly #idle = new Set<KvBlock>();
  readonly #holders: number[] = [];
  readonly #hashes: (string | undefined)[] = [];
  readonly #known = new Map<string, KvBlock>();

  constructor(capacityTokens: number) {
    this.total = Math.floor(capacityTokens / BLOCK_TOKENS);
  }

  get free(): number {
    return this.total - this.#fresh + this.#idle.size;
  }

  /** Share of all blocks in use, 0 to 1; one that is only remembered is not. */
  get used(): number {
    return this.total === 0 ? 0 : 1 - this.free / this.total;
  }

  /** The blocks that hold the beginning of a prompt, as far as it is remembered. */
  find(hashes: readonly string[]): KvBlock[] {
    const found: KvBlock[] = [];
    for (const hash of hashes) {
      const block = this.#known.get(hash);
      if (block === undefined) break;
      found.push(block);
    }
    return found;
  }

  /** How many free blocks it takes to hold those found and so many new ones. */
  cost(found: readonly KvBlock[], fresh: number): number {
    return fresh + found.filter((block) => this.#idle.has(block)).length;
  }

  /** Holds blocks that were found: they are shared, and not forgotten while they are held. */
  share(found: readonly KvBlock[]): void {
    for (const block of found) {
      this.#idle.delete(block);
      this.#holders[block] = (this.#holders[block] ?? 0) + 1;
    }
  }

  take(blocks: number): KvBlock[] {
    if (blocks > this.free) throw new Error(`asked for ${blocks} KV blocks, ${this.free} are free`);
    return Array.from({ length: blocks }, () => this.#takeOne());
  }

  /** Remembers what a held block holds; the first block with a beginning stands for all. */
  remember(block: KvBlock, hash: string): void {
    if (this.#hashes[block] !== undefined || this.#known.has(hash)) return;
    this.#hashes[block] = hash;
    this.#known.set(hash, block);
  }

  /** Lets go of the blocks of one sequence, in their order: the end of a prompt is forgotten before its beginning. */
  give(blocks: readonly KvBlock[]): void {
    for (const block of blocks.toReversed()) {
      const holders = (this.#holders[block] ?? 0) - 1;
      if (holders < 0) throw new Error('more KV blocks came back than were given out');
      this.#holders[block] = holders;
      if (holders === 0) this.#idle.add(block);
    }
  }

  #takeOne(): KvBlock {
    const block = this.#fresh < this.total ? this.#fresh++ : this.#leastRecent();
    this.#holders[block] = 1;
    return block;
  }

  #leastRecent(): KvBlock {
    const [block] = this.#idle;
    if (block === undefined) throw new Error('no KV block is free');
    this.#idle.delete(block);
    const hash = this.#hashes[block];
    if (hash !== undefined) this.#known.delete(hash);
    this.#hashes[block] = undefined;
    return block;
  }
}
