/** vLLM's buckets of `time_to_first_token_seconds`. */
export const FIRST_TOKEN_BUCKETS_SECONDS: readonly number[] = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
  2560,
];
/** vLLM's buckets of whole-request times. */
export const REQUEST_BUCKETS_SECONDS: readonly number[] = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];

/** A cumulative histogram in Prometheus' sense. */
export class Histogram {
  readonly upperBounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(upperBounds: readonly number[]) {
    this.upperBounds = upperBounds;
    this.#counts = upperBounds.map(() => 0);
  }

  get sum(): number {
    return this.#sum;
  }
  get count(): number {
    return this.#count;
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    const bucket = this.upperBounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** Observations up to each bound, in the order of the bounds. */
  cumulative(): number[] {
    let total = 0;
    return this.#counts.map((count) => (total += count));
  }

  reset(): void {
    this.#counts.fill(0);
    this.#sum = 0;
    this.#count = 0;
  }
}
