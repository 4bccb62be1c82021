import type { FreshJob, JobClass, LaneView, SchedulingPolicy, TenantId } from '@spillway/core';
import type { Policy } from '../policies/policy.ts';
import { Lane, laneKey } from './lane.ts';
import type { SimJob } from './sim-job.ts';

/** Jobs a snapshot reads of a lane at most, and fresh ones in all: the bounds of the live snapshot. */
const MOST_OF_LANE = 128;
const MOST_FRESH = 256;

/** All waiting jobs. */
export class LaneBook {
  readonly #lanes = new Map<string, Lane>();
  readonly #occupied = new Set<Lane>();
  readonly #waiting = new Map<TenantId, number>();
  readonly #seesEvery: boolean;
  readonly #moreOfBatch: number;
  readonly #strategies: SchedulingPolicy['strategies'];
  #fresh: SimJob[] = [];
  #depth = 0;

  constructor({ sees, scheduling }: Pick<Policy, 'sees' | 'scheduling'>) {
    this.#seesEvery = sees === 'every-arrival';
    this.#moreOfBatch = Math.min(scheduling.groupRun * 2, MOST_OF_LANE);
    this.#strategies = scheduling.strategies;
  }

  get depth(): number {
    return this.#depth;
  }

  waitingOf(tenantId: TenantId): number {
    return this.#waiting.get(tenantId) ?? 0;
  }

  laneOf(jobClass: JobClass, modelGroup: string, tenantId: TenantId, pinned: boolean): Lane {
    const key = laneKey(jobClass, modelGroup, tenantId, pinned);
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new Lane(jobClass, modelGroup, tenantId, pinned);
    this.#lanes.set(key, lane);
    return lane;
  }

  insert(job: SimJob): void {
    const { lane } = job;
    lane.insert(job);
    this.#occupied.add(lane);
    this.#depth += 1;
    this.#waiting.set(job.tenantId, this.waitingOf(job.tenantId) + 1);
    job.state = 'waiting';
    job.isFresh = this.#seesEvery || this.#isLookedAt(job);
    if (job.isFresh) this.#fresh.push(job);
  }

  remove(job: SimJob): void {
    const { lane } = job;
    lane.remove(job);
    if (lane.depth === 0) this.#occupied.delete(lane);
    this.#depth -= 1;
    this.#waiting.set(job.tenantId, this.waitingOf(job.tenantId) - 1);
  }

  /**
   * The head of every lane, as the live snapshot has it: twice what there is room for, spread over the lanes, and one of
   * each, so that the first that must wait is seen; of batch lanes more, so that jobs with the same beginning are found.
   */
  views(freeSlots: number): readonly LaneView[] {
    const share = 1 + Math.ceil((2 * freeSlots) / Math.max(1, this.#occupied.size));
    const head = Math.min(MOST_OF_LANE, freeSlots + 1, share);
    const moreOfBatch = Math.floor((this.#moreOfBatch * 8) / Math.max(8, this.#occupied.size));
    const headOfBatch = freeSlots > 0 ? head + moreOfBatch : head;
    return Array.from(this.#occupied, (lane) => lane.view(lane.jobClass === 'batch' ? headOfBatch : head));
  }

  fresh(): readonly FreshJob[] {
    this.#fresh = this.#fresh.filter((job) => job.isFresh && job.state === 'waiting');
    const shown = this.#seesEvery ? this.#fresh : this.#fresh.slice(0, MOST_FRESH);
    return shown.map((job) => ({ laneKey: job.lane.key, job: job.view, ahead: job.lane.ahead(job) }));
  }

  /** Un-pinned jobs that somebody waits for, or that want to go to the cloud at once. */
  #isLookedAt({ lane, view }: SimJob): boolean {
    const { cloud } = this.#strategies[view.strategy];
    return !lane.pinned && (lane.jobClass !== 'batch' || cloud === 'open' || cloud === 'only');
  }

  /** Every waiting job, as they are now. */
  all(): readonly SimJob[] {
    return Array.from(this.#occupied, (lane) => lane.jobs()).flat();
  }
}
