/** Tokens per block of the KV cache, as in vLLM. */
const BLOCK_TOKENS = 16;

/** Blocks that lie idle together: those of one known prefix block, or of nothing anybody will ask for. */
interface Extent {
  blocks: number;
  entry: KvEntry | undefined;
  before: Extent | undefined;
  after: Extent | undefined;
}

/** A block of a prompt's beginning that the cache knows of. */
export interface KvEntry {
  readonly hash: number;
  holders: number;
  /** Where it lies while nobody holds it. */
  idle: Extent | undefined;
}

/**
 * The KV cache as vLLM's V1 engine keeps it: what was freed is remembered until its blocks are taken for another
 * prompt, least recently used first. It counts blocks and does not name them, so that its work does not grow with the
 * length of prompts: a prefix block of 512 tokens is one entry of 32 blocks.
 */
export class KvCache {
  readonly total: number;
  readonly blockTokens: number;
  readonly #blocksPerEntry: number;
  readonly #known = new Map<number, KvEntry>();
  /** Blocks nobody has ever used come first. */
  #fresh: number;
  #idleBlocks = 0;
  #leastRecent: Extent | undefined;
  #mostRecent: Extent | undefined;

  constructor(capacityTokens: number, prefixBlockTokens: number, blockTokens = BLOCK_TOKENS) {
    this.blockTokens = blockTokens;
    this.total = Math.floor(capacityTokens / blockTokens);
    this.#fresh = this.total;
    this.#blocksPerEntry = Math.max(1, Math.round(prefixBlockTokens / blockTokens));
  }

  blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.blockTokens);
  }

  get free(): number {
    return this.#fresh + this.#idleBlocks;
  }

  /** Share of all blocks in use, 0 to 1; one that is only remembered is not. */
  get used(): number {
    return this.total === 0 ? 0 : 1 - this.free / this.total;
  }

  get entryTokens(): number {
    return this.#blocksPerEntry * this.blockTokens;
  }

  /** How many blocks of the beginning of a prompt are remembered, of the first `most`. */
  find(prefix: readonly number[], most: number): number {
    const last = Math.min(most, prefix.length);
    let found = 0;
    while (found < last && this.#known.has(prefix[found] ?? -1)) found += 1;
    return found;
  }

  /** How many free blocks it takes to hold `found` entries of the prefix and `missing` new blocks. */
  cost(prefix: readonly number[], found: number, missing: number): number {
    let cost = missing;
    for (let index = 0; index < found; index += 1) {
      if (this.#known.get(prefix[index] ?? -1)?.idle !== undefined) cost += this.#blocksPerEntry;
    }
    return cost;
  }

  /** Holds the first `found` entries of a prefix: they are not forgotten while they are held. */
  share(prefix: readonly number[], found: number): (KvEntry | undefined)[] {
    const entries: (KvEntry | undefined)[] = [];
    for (let index = 0; index < found; index += 1) {
      const entry = this.#known.get(prefix[index] ?? -1);
      if (entry === undefined) throw new Error('an entry that was found is not known');
      if (entry.idle !== undefined) {
        this.#idleBlocks -= entry.idle.blocks;
        this.#unlink(entry.idle);
        entry.idle = undefined;
      }
      entry.holders += 1;
      entries.push(entry);
    }
    return entries;
  }

  /** Gives out blocks; more than there are is a bug, because the caller must ask first. */
  take(blocks: number): void {
    if (blocks > this.free) throw new Error(`asked for ${blocks} KV blocks, ${this.free} are free`);
    const fresh = Math.min(blocks, this.#fresh);
    this.#fresh -= fresh;
    let missing = blocks - fresh;
    this.#idleBlocks -= missing;
    while (missing > 0) {
      const extent = this.#leastRecent;
      if (extent === undefined) throw new Error('idle KV blocks are not where they should be');
      if (extent.entry !== undefined) {
        extent.entry.idle = undefined;
        this.#known.delete(extent.entry.hash);
        extent.entry = undefined;
      }
      const taken = Math.min(missing, extent.blocks);
      extent.blocks -= taken;
      missing -= taken;
      if (extent.blocks === 0) this.#unlink(extent);
    }
  }

  /** Remembers a held prefix block; undefined when another one stands for it already. */
  remember(hash: number): KvEntry | undefined {
    if (this.#known.has(hash)) return undefined;
    const entry: KvEntry = { hash, holders: 1, idle: undefined };
    this.#known.set(hash, entry);
    return entry;
  }

  /** Lets go of all blocks of a sequence: the end of a prompt is forgotten before its beginning. */
  give(blocks: number, entries: readonly (KvEntry | undefined)[]): void {
    this.#append(blocks - entries.length * this.#blocksPerEntry, undefined);
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const entry = entries[index];
      if (entry === undefined) this.#append(this.#blocksPerEntry, undefined);
      else {
        entry.holders -= 1;
        if (entry.holders === 0) this.#append(this.#blocksPerEntry, entry);
      }
    }
  }

  #append(blocks: number, entry: KvEntry | undefined): void {
    if (blocks === 0) return;
    this.#idleBlocks += blocks;
    const last = this.#mostRecent;
    if (last !== undefined && entry === undefined && last.entry === undefined) {
      last.blocks += blocks;
      return;
    }
    const extent: Extent = { blocks, entry, before: last, after: undefined };
    if (entry !== undefined) entry.idle = extent;
    if (last === undefined) this.#leastRecent = extent;
    else last.after = extent;
    this.#mostRecent = extent;
  }

  #unlink(extent: Extent): void {
    if (extent.before === undefined) this.#leastRecent = extent.after;
    else extent.before.after = extent.after;
    if (extent.after === undefined) this.#mostRecent = extent.before;
    else extent.after.before = extent.before;
  }
}
