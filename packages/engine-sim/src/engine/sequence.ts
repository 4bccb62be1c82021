import type { KvBlock } from './kv-blocks.ts';

/** One request inside the engine. Only `BatchingEngine` writes to it; times are virtual milliseconds. */
export interface Sequence {
  readonly promptTokens: number;
  /** How many tokens it will generate; 0 ends with the prompt (embeddings). */
  readonly outputTokens: number;
  readonly arrivedAtMs: number;
  /** Of the full blocks of its prompt; none, and it neither finds nor leaves anything in the prefix cache. */
  readonly prefixHashes: readonly string[];
  phase: 'waiting' | 'running' | 'finished' | 'aborted';
  /** Tokens generated so far; kept when the sequence is preempted. */
  generated: number;
  /** Tokens whose KV is in the cache; back to 0 when the sequence is preempted. */
  computed: number;
  /** Tokens the step under way works on. */
  scheduled: number;
  blocks: readonly KvBlock[];
  /** Of these, the first ones whose prompt the cache knows of. */
  rememberedBlocks: number;
  /** Prompt tokens it found in the cache when it was first admitted. */
  cachedTokens: number;
  admittedAtMs: number | undefined;
  firstTokenAtMs: number | undefined;
  finishedAtMs: number | undefined;
}

/** A sequence as it arrives: nothing computed, nothing held. */
export const newSequence = (
  promptTokens: number,
  outputTokens: number,
  arrivedAtMs: number,
  prefixHashes: readonly string[] = [],
): Sequence => ({
  promptTokens,
  outputTokens,
  arrivedAtMs,
  prefixHashes,
  phase: 'waiting',
  generated: 0,
  computed: 0,
  scheduled: 0,
  blocks: [],
  rememberedBlocks: 0,
  cachedTokens: 0,
  admittedAtMs: undefined,
  firstTokenAtMs: undefined,
  finishedAtMs: undefined,
});
