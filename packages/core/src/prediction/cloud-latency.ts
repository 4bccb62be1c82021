/** How fast a cloud backend answers, as its last answers had it. Times in ms. */
export interface CloudLatency {
  /** From the request to the first token, median and 95th percentile. */
  readonly firstTokenMs: { readonly p50: number; readonly p95: number };
  readonly perTokenMs: number;
  /** Answers it was learned from; 0: the guess below. */
  readonly samples: number;
}

/** A small model of a large provider on an ordinary day, until answers have shown better: 1 s, then 80 tokens/s. */
export const TYPICAL_CLOUD: CloudLatency = {
  firstTokenMs: { p50: 1000, p95: 3000 },
  perTokenMs: 12.5,
  samples: 0,
};

/** Time of an answer of so many tokens, in ms. */
export const cloudMs = ({ firstTokenMs, perTokenMs }: CloudLatency, outputTokens: number): number =>
  firstTokenMs.p50 + outputTokens * perTokenMs;
