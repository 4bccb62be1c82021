import type { SeriesPoint } from '../report/simulation-report.ts';

/** A point of the report while the run goes on. */
export interface Sample extends Omit<SeriesPoint, 'at' | 'served'> {
  readonly atMs: number;
  /** Tokens (input + 2 x output) served so far, by number of the tenant. */
  readonly served: readonly number[];
}

const MOST = 400;

/** Samples at even distances, a few hundred however long the run: when there are too many, every other one goes. */
export class Series {
  #samples: Sample[] = [];
  #everyMs = 1000;
  #nextAtMs = 0;

  get nextAtMs(): number {
    return this.#nextAtMs;
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  add(sample: Sample): void {
    this.#samples.push(sample);
    if (this.#samples.length >= MOST) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
      this.#everyMs *= 2;
    }
    this.#nextAtMs = (this.#samples.at(-1) ?? sample).atMs + this.#everyMs;
  }
}
