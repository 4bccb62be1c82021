import type { ModelGroup } from './model-group.ts';
import type { LanePlace } from './lane-place.ts';
import type { JobView, LaneView } from './snapshot.ts';
import type { TenantAccount } from './tenant-account.ts';

/**
 * How far a plan has come in one lane. Jobs are taken from the front; batch work with the same beginning is taken in
 * runs, so that one engine computes it once (as HyGen does: docs/scheduling.md#order).
 */
export class LaneCursor implements LanePlace {
  readonly lane: LaneView;
  readonly group: ModelGroup;
  readonly account: TenantAccount;
  /** Jobs of the lane, as the snapshot has it, that this plan has dealt with: they are in front of the current one. */
  before = 0;
  /** Jobs that never use the cloud stay in front of the current one: local room is theirs. */
  isPassed = false;
  #stayed = 0;
  readonly #groupRun: number;
  /** Dealt with out of turn; most lanes never have any. */
  #passed: Set<number> | undefined;
  /** Most lanes are held for one set of reasons, if any. */
  #heldFor: string | undefined;
  #heldForToo: Set<string> | undefined;
  #front = 0;
  #current = 0;
  #run = 1;

  /** @param groupRun the longest run; 1 takes strictly from the front */
  constructor(lane: LaneView, group: ModelGroup, account: TenantAccount, groupRun: number) {
    this.lane = lane;
    this.group = group;
    this.account = account;
    this.#groupRun = lane.jobClass === 'batch' ? groupRun : 1;
  }

  /** The job whose turn it is in this lane; undefined when the head has been dealt with. */
  get job(): JobView | undefined {
    return this.lane.head[this.#current];
  }

  /**
   * When every job of the head left the lane and it holds more: the last of them. What comes next has no more of a claim
   * than it had.
   */
  get unseen(): JobView | undefined {
    const { head, depth } = this.lane;
    return this.#stayed === 0 && this.#front >= head.length && depth > head.length ? head.at(-1) : undefined;
  }

  /** The current job left the lane: on with one that begins alike, if the run may go on, else with the front. */
  take(): void {
    const job = this.job;
    this.before += 1;
    this.#pass();
    const alike = this.#run < this.#groupRun && job !== undefined ? this.#findAlike(job) : undefined;
    this.#run = alike === undefined ? 1 : this.#run + 1;
    this.#current = alike ?? this.#front;
  }

  /** The current job stays: on with the next one. */
  skip(): void {
    this.before += 1;
    this.#stayed += 1;
    this.#pass();
    this.#run = 1;
    this.#current = this.#front;
  }

  /** Nobody else in this lane fares better now. */
  end(): void {
    this.#current = this.lane.head.length;
  }

  /** Whether nothing of this lane was held for these reasons before: each set is told once, not once per job. */
  isNewReason(reasons: string): boolean {
    if (this.#heldFor === reasons) return false;
    if (this.#heldFor === undefined) {
      this.#heldFor = reasons;
      return true;
    }
    this.#heldForToo ??= new Set();
    const known = this.#heldForToo.has(reasons);
    this.#heldForToo.add(reasons);
    return !known;
  }

  #pass(): void {
    if (this.#current === this.#front) this.#front += 1;
    else (this.#passed ??= new Set()).add(this.#current);
    while (this.#passed?.delete(this.#front) === true) this.#front += 1;
  }

  #findAlike({ prefix }: JobView): number | undefined {
    const [first] = prefix;
    if (first === undefined) return undefined;
    for (let index = this.#front; index < this.lane.head.length; index += 1) {
      if (this.#passed?.has(index) !== true && this.lane.head[index]?.prefix[0] === first) return index;
    }
    return undefined;
  }
}
