import type { JobClass, JobView, LaneView, TenantId } from '@spillway/core';
import type { SimJob } from './sim-job.ts';

/** Waiting jobs of one class, model group, tenant and pin by score; the view of it is made anew only when it changed. */
export class Lane {
  readonly key: string;
  readonly jobClass: JobClass;
  readonly modelGroup: string;
  readonly tenantId: TenantId;
  readonly pinned: boolean;
  #jobs: SimJob[] = [];
  #first = 0;
  #inputTokens = 0;
  #view: LaneView | undefined;
  #viewHead = 0;

  constructor(jobClass: JobClass, modelGroup: string, tenantId: TenantId, pinned: boolean) {
    this.key = laneKey(jobClass, modelGroup, tenantId, pinned);
    this.jobClass = jobClass;
    this.modelGroup = modelGroup;
    this.tenantId = tenantId;
    this.pinned = pinned;
  }

  get depth(): number {
    return this.#jobs.length - this.#first;
  }

  insert(job: SimJob): void {
    const rank = this.#search(job);
    if (rank === this.#jobs.length) this.#jobs.push(job);
    else this.#jobs.splice(rank, 0, job);
    this.#inputTokens += job.view.inputTokens;
    this.#view = undefined;
  }

  remove(job: SimJob): void {
    const rank = this.#search(job);
    if (this.#jobs[rank] !== job) throw new Error('the job does not wait in this lane');
    if (rank === this.#first) this.#dropFirst();
    else this.#jobs.splice(rank, 1);
    this.#inputTokens -= job.view.inputTokens;
    this.#view = undefined;
  }

  /** Jobs of the lane in front of it. */
  ahead(job: SimJob): number {
    return this.#search(job) - this.#first;
  }

  jobs(): readonly SimJob[] {
    return this.#jobs.slice(this.#first);
  }

  /** The lane with its first `head` jobs. */
  view(head: number): LaneView {
    if (this.#view !== undefined && (this.#viewHead === head || this.depth <= Math.min(head, this.#viewHead)))
      return this.#view;
    const views: JobView[] = [];
    const end = Math.min(this.#jobs.length, this.#first + head);
    for (let index = this.#first; index < end; index += 1) {
      const job = this.#jobs[index];
      if (job !== undefined) views.push(job.view);
    }
    const { key, jobClass, modelGroup, tenantId, pinned, depth } = this;
    this.#viewHead = head;
    this.#view = {
      key,
      jobClass,
      modelGroup,
      tenantId,
      pinned,
      depth,
      inputTokens: this.#inputTokens,
      head: views,
    };
    return this.#view;
  }

  #dropFirst(): void {
    this.#first += 1;
    if (this.#first < 1024 || this.#first * 2 < this.#jobs.length) return;
    this.#jobs = this.#jobs.slice(this.#first);
    this.#first = 0;
  }

  /** Where the job is, or where it belongs. */
  #search(job: SimJob): number {
    const last = this.#jobs.at(-1);
    if (last === undefined || isBefore(last, job)) return this.#jobs.length;
    let [low, high] = [this.#first, this.#jobs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#jobs[middle];
      if (other !== undefined && isBefore(other, job)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const laneKey = (jobClass: JobClass, modelGroup: string, tenantId: string, pinned: boolean): string =>
  `${jobClass}:${modelGroup}:${tenantId}:${pinned ? 'pinned' : 'open'}`;

const isBefore = (one: SimJob, other: SimJob): boolean =>
  one.score < other.score || (one.score === other.score && one.index < other.index);
