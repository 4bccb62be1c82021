/** One request inside the engine. Only `BatchingEngine` writes to it; times are virtual milliseconds. */
export interface Sequence {
  readonly promptTokens: number;
  /** How many tokens it will generate; 0 ends with the prompt (embeddings). */
  readonly outputTokens: number;
  readonly arrivedAtMs: number;
  phase: 'waiting' | 'running' | 'finished' | 'aborted';
  /** Tokens generated so far; kept when the sequence is preempted. */
  generated: number;
  /** Tokens whose KV is in the cache; back to 0 when the sequence is preempted. */
  computed: number;
  /** Tokens the step under way works on. */
  scheduled: number;
  blocks: number;
  admittedAtMs: number | undefined;
  firstTokenAtMs: number | undefined;
  finishedAtMs: number | undefined;
}

/** A sequence as it arrives: nothing computed, nothing held. */
export const newSequence = (promptTokens: number, outputTokens: number, arrivedAtMs: number): Sequence => ({
  promptTokens,
  outputTokens,
  arrivedAtMs,
  phase: 'waiting',
  generated: 0,
  computed: 0,
  scheduled: 0,
  blocks: 0,
  admittedAtMs: undefined,
  firstTokenAtMs: undefined,
  finishedAtMs: undefined,
});
