import { JOB_CLASSES, type JobClass } from '@spillway/core';

/** How a job ended. */
export const ENDS = ['completed', 'expired', 'rejected'] as const;
export type End = (typeof ENDS)[number];

/** What became of each job of a trace, one column for each figure; times in ms, NaN for what never happened. */
export interface Outcomes {
  readonly length: number;
  readonly tenants: readonly string[];
  readonly tenant: Uint32Array;
  /** Places in `JOB_CLASSES`. */
  readonly jobClass: Uint8Array;
  readonly pinned: Uint8Array;
  readonly inputTokens: Uint32Array;
  readonly outputTokens: Uint32Array;
  readonly arrivedAtMs: Float64Array;
  readonly deadlineAtMs: Float64Array;
  readonly beganAtMs: Float64Array;
  readonly firstTokenAtMs: Float64Array;
  readonly finishedAtMs: Float64Array;
  /** Places in `ENDS`. */
  readonly end: Uint8Array;
  readonly inCloud: Uint8Array;
  /** Predicted minus actual finish. */
  readonly predictionErrorMs: Float64Array;
}

export interface Ending {
  readonly end: End;
  readonly atMs: number;
  readonly beganAtMs?: number | undefined;
  readonly firstTokenAtMs?: number;
  readonly inCloud?: boolean;
  readonly predictedFinishAtMs?: number | undefined;
}

/** Collects outcomes of a trace whose length nobody knows before its end. */
export class OutcomeBook {
  readonly #tenants = new Map<string, number>();
  #capacity = 1024;
  #length = 0;
  #columns = openColumns(this.#capacity);

  get length(): number {
    return this.#length;
  }

  arrive(job: {
    readonly tenant: string;
    readonly jobClass: JobClass;
    readonly pinned: boolean;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly atMs: number;
    readonly deadlineAtMs: number;
  }): number {
    const index = this.#length;
    if (index === this.#capacity) this.#grow();
    this.#length += 1;
    const columns = this.#columns;
    columns.tenant[index] = this.tenantIndex(job.tenant);
    columns.jobClass[index] = JOB_CLASSES.indexOf(job.jobClass);
    columns.pinned[index] = job.pinned ? 1 : 0;
    columns.inputTokens[index] = job.inputTokens;
    columns.outputTokens[index] = job.outputTokens;
    columns.arrivedAtMs[index] = job.atMs;
    columns.deadlineAtMs[index] = job.deadlineAtMs;
    for (const column of [
      columns.beganAtMs,
      columns.firstTokenAtMs,
      columns.finishedAtMs,
      columns.predictionErrorMs,
    ])
      column[index] = Number.NaN;
    return index;
  }

  end(index: number, { end, atMs, beganAtMs, firstTokenAtMs, inCloud, predictedFinishAtMs }: Ending): void {
    const columns = this.#columns;
    columns.end[index] = ENDS.indexOf(end);
    columns.finishedAtMs[index] = atMs;
    columns.inCloud[index] = inCloud === true ? 1 : 0;
    if (beganAtMs !== undefined) columns.beganAtMs[index] = beganAtMs;
    if (firstTokenAtMs !== undefined) columns.firstTokenAtMs[index] = firstTokenAtMs;
    if (predictedFinishAtMs !== undefined) columns.predictionErrorMs[index] = predictedFinishAtMs - atMs;
  }

  tenantIndex(tenant: string): number {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const index = this.#tenants.size;
    this.#tenants.set(tenant, index);
    return index;
  }

  get tenantNames(): readonly string[] {
    return [...this.#tenants.keys()];
  }

  all(): Outcomes {
    return { ...this.#columns, length: this.#length, tenants: this.tenantNames };
  }

  #grow(): void {
    const old = this.#columns;
    this.#capacity *= 2;
    const columns = openColumns(this.#capacity);
    for (const name of COLUMN_NAMES) columns[name].set(old[name]);
    this.#columns = columns;
  }
}

const openColumns = (capacity: number) => ({
  tenant: new Uint32Array(capacity),
  jobClass: new Uint8Array(capacity),
  pinned: new Uint8Array(capacity),
  inputTokens: new Uint32Array(capacity),
  outputTokens: new Uint32Array(capacity),
  arrivedAtMs: new Float64Array(capacity),
  deadlineAtMs: new Float64Array(capacity),
  beganAtMs: new Float64Array(capacity),
  firstTokenAtMs: new Float64Array(capacity),
  finishedAtMs: new Float64Array(capacity),
  end: new Uint8Array(capacity),
  inCloud: new Uint8Array(capacity),
  predictionErrorMs: new Float64Array(capacity),
});
const COLUMN_NAMES = Object.keys(openColumns(0)) as readonly (keyof ReturnType<typeof openColumns>)[];
