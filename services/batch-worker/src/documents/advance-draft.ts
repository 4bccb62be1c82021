import type { JobId, LineOutcome } from '@spillway/core';
import type { LineJob } from '@spillway/redis';
import type { LineAdvance } from './document-deps.ts';
import { encodeState, type LineState } from './line-state.ts';

const MOST_JOBS = 128;
const MOST_BYTES = 1_000_000;

/** What the ended steps looked at so far lead to; nothing of it is true before it is written. */
export class AdvanceDraft {
  readonly #states: Map<number, LineState>;
  readonly #changed = new Set<number>();
  readonly #taken: JobId[] = [];
  readonly #outcomes: LineOutcome[] = [];
  readonly #unneeded: JobId[] = [];
  readonly #answered: JobId[] = [];
  readonly #jobs: LineJob[] = [];
  #bytes = 0;

  /** @param states of the lines that the steps belong to; a line without one has its outcome */
  constructor(states: Map<number, LineState>) {
    this.#states = states;
  }

  /** One call has enough in it: the rest is for the next one. */
  get isFull(): boolean {
    return this.#jobs.length >= MOST_JOBS || this.#bytes >= MOST_BYTES;
  }

  get isEmpty(): boolean {
    return this.#taken.length === 0;
  }

  state(line: number): LineState | undefined {
    return this.#states.get(line);
  }

  take(jobId: JobId): void {
    this.#taken.push(jobId);
  }

  drop(ids: readonly JobId[]): void {
    this.#unneeded.push(...ids);
  }

  /** The line waits for its other steps; this one's answer is kept. */
  wait(line: number, state: LineState, answered: JobId): void {
    this.#set(line, state);
    this.#answered.push(answered);
  }

  goOn(line: number, state: LineState, jobs: readonly LineJob[]): void {
    this.#set(line, state);
    this.#jobs.push(...jobs);
    this.#bytes += jobs.reduce((bytes, { job }) => bytes + job.request.length, 0);
  }

  end(outcome: LineOutcome): void {
    this.#states.delete(outcome.line);
    this.#changed.delete(outcome.line);
    this.#outcomes.push(outcome);
    this.#bytes += outcome.document === undefined ? 0 : JSON.stringify(outcome.document.output).length;
  }

  toAdvance(): LineAdvance {
    return {
      taken: this.#taken,
      outcomes: this.#outcomes,
      steps: [...this.#changed].flatMap((line) => {
        const state = this.#states.get(line);
        return state === undefined ? [] : [{ line, text: encodeState(state) }];
      }),
      unneeded: this.#unneeded,
      answered: this.#answered,
      jobs: this.#jobs,
    };
  }

  #set(line: number, state: LineState): void {
    this.#states.set(line, state);
    this.#changed.add(line);
  }
}
