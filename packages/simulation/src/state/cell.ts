import { type BackendId, type EpochMs, type Snapshot, virtualTokens } from '@spillway/core';
import { type Deployment, modelGroupsOf } from '../deployment.ts';
import { type End, OutcomeBook } from '../outcome/outcomes.ts';
import type { Decided, Policy } from '../policies/policy.ts';
import type { FullOptions } from '../simulation-options.ts';
import type { TraceJob } from '../trace-job.ts';
import type { Backend } from './backend.ts';
import { CloudBackend } from './cloud-backend.ts';
import { LaneBook } from './lane-book.ts';
import { Learned } from './learned.ts';
import { LocalBackend } from './local-backend.ts';
import { Money } from './money.ts';
import { newJob } from './new-job.ts';
import { indexOf, type SimJob } from './sim-job.ts';
import { TenantBook } from './tenant-book.ts';

/** Output tokens count twice, as virtual tokens have it. */
const servedTokens = (inputTokens: number, outputTokens: number): number =>
  virtualTokens(inputTokens, outputTokens, 1);

/** What the store holds of a deployment: every job that has not ended, and what is charged and promised for it. */
export class Cell {
  readonly outcomes = new OutcomeBook();
  readonly lanes: LaneBook;
  readonly live = new Map<number, SimJob>();
  /** Served to each tenant so far, by its number in the outcomes. */
  readonly served: number[] = [];
  held = 0;
  completed = 0;
  missed = 0;
  cloudUsd = 0;
  readonly #policy: Policy;
  readonly #options: FullOptions;
  readonly #backends: ReadonlyMap<BackendId, Backend>;
  readonly #modelGroups: ReadonlyMap<string, readonly string[]>;
  readonly #tenants: TenantBook;
  readonly #money: Money;
  readonly #learned: Learned;

  constructor(
    deployment: Deployment,
    policy: Policy,
    options: FullOptions,
    backends: ReadonlyMap<BackendId, Backend>,
  ) {
    this.#policy = policy;
    this.#options = options;
    this.#backends = backends;
    this.#modelGroups = modelGroupsOf(deployment);
    this.lanes = new LaneBook(policy);
    this.#tenants = new TenantBook(deployment.weights ?? {});
    this.#money = new Money(deployment.budgets ?? []);
    this.#learned = new Learned();
  }

  /** A new job, not in its lane yet. */
  submit(trace: TraceJob): SimJob {
    const group = trace.model ?? this.#modelGroups.keys().next().value;
    if (group === undefined || !this.#modelGroups.has(group))
      throw new Error('a trace asks for a model that the deployment does not serve');
    const job = newJob(this.outcomes.length, trace, group, {
      lanes: this.lanes,
      policy: this.#policy,
      options: this.#options,
    });
    this.outcomes.arrive({ ...trace, deadlineAtMs: job.view.deadlineAtMs });
    this.live.set(job.index, job);
    return job;
  }

  /** Into its lane: for the first time, or back. */
  enqueue(job: SimJob): void {
    this.#tenants.enter(job.tenantId);
    this.lanes.insert(job);
  }

  snapshot(nowMs: EpochMs, overflowing: ReadonlyMap<string, EpochMs>): Snapshot {
    let freeSlots = 0;
    const backends = Array.from(this.#backends.values(), (backend) => {
      const view = backend.view(nowMs);
      freeSlots += Math.max(0, view.slots - view.held);
      return view;
    });
    return {
      nowMs,
      backends,
      lanes: this.lanes.views(freeSlots),
      fresh: this.lanes.fresh(),
      tenants: this.#tenants.views,
      modelGroups: this.#modelGroups,
      outputLengths: this.#learned.outputLengths,
      prefixes: this.#learned.prefixes,
      budgets: this.#money.views(),
      overflowing,
      policy: this.#policy.scheduling,
    };
  }

  /** The checks of the store's commit: the job waits as it was seen, may go there, and there is room; else nothing. */
  commit(assignment: Decided, nowMs: EpochMs): SimJob | undefined {
    const job = this.live.get(indexOf(assignment.job.id));
    const backend = this.#backends.get(assignment.backendId);
    if (job?.state !== 'waiting' || job.view.fence !== assignment.job.fence || backend === undefined)
      return undefined;
    if (job.trace.pinned && backend.location === 'cloud') return undefined;
    if (this.#policy.binding === 'late' && backend.held >= backend.slots) return undefined;
    this.#dequeue(job);
    const { prediction, weight, reservedTokens, reservedUsd } = assignment;
    job.state = 'held';
    job.isFresh = false;
    job.attempts += 1;
    job.view = { ...job.view, fence: job.view.fence + 1 };
    job.holding = {
      backend,
      virtualTokens: assignment.virtualTokens,
      weight,
      reservedTokens,
      reservedUsd,
      predictedFinishAtMs: prediction?.finishAtMs,
    };
    this.held += 1;
    backend.hold(job, job.holding);
    if (backend instanceof LocalBackend) {
      const { prefix, inputTokens } = job.view;
      const found = this.#learned.prefixes.matchedBlocks(backend.id, prefix);
      const cachedTokens = prediction?.cachedTokens ?? found * this.#policy.scheduling.prefixBlockTokens;
      backend.expect(Math.max(0, inputTokens - cachedTokens), nowMs);
      this.#learned.sent(backend.id, job.view.prefix, backend.prefixBlocks);
    }
    this.#tenants.serve(job.tenantId, assignment.virtualTokens);
    this.#money.take(backend.id, job.tenantId, reservedUsd);
    return job;
  }

  /** An answer is there: what was promised is replaced by what it took. */
  settle(job: SimJob, firstTokenAtMs: EpochMs, nowMs: EpochMs): void {
    const { holding, trace, tenantId } = job;
    if (holding === undefined) throw new Error('a job ended that nobody holds');
    const { backend, weight } = holding;
    const { inputTokens, outputTokens } = trace;
    this.#release(job);
    this.#tenants.charge(tenantId, virtualTokens(inputTokens, outputTokens, weight) - holding.virtualTokens);
    this.#learned.answered(tenantId, job.lane.modelGroup, job.view.task, outputTokens);
    const inCloud = backend instanceof CloudBackend;
    if (inCloud) {
      const usd = backend.costUsd(inputTokens, outputTokens);
      this.cloudUsd += usd;
      this.#money.take(backend.id, tenantId, usd);
    }
    const tenant = this.outcomes.tenantIndex(trace.tenant);
    this.served[tenant] = (this.served[tenant] ?? 0) + servedTokens(inputTokens, outputTokens);
    this.completed += 1;
    if (nowMs > job.view.deadlineAtMs) this.missed += 1;
    const { beganAtMs } = job;
    const { predictedFinishAtMs } = holding;
    this.#forget(job);
    this.outcomes.end(job.index, {
      end: 'completed',
      atMs: nowMs,
      beganAtMs,
      firstTokenAtMs,
      inCloud,
      predictedFinishAtMs,
    });
  }

  /** An attempt failed: the tenant gets its charge back, and the job waits again from some instant on. */
  fail(job: SimJob): void {
    const { holding } = job;
    if (holding === undefined) throw new Error('an attempt failed that nobody holds');
    this.#release(job);
    this.#tenants.charge(job.tenantId, -holding.virtualTokens);
    job.state = 'retrying';
  }

  /** Ends a job without an answer, wherever it is. */
  end(job: SimJob, end: Exclude<End, 'completed'>, nowMs: EpochMs): void {
    if (job.state === 'waiting') this.#dequeue(job);
    if (job.state === 'held') {
      const { holding, sequence } = job;
      if (holding?.backend instanceof LocalBackend && sequence !== undefined)
        holding.backend.engine.abort(sequence, nowMs);
      this.#release(job);
    }
    if (end === 'expired') this.missed += 1;
    this.#forget(job);
    this.outcomes.end(job.index, { end, atMs: nowMs, beganAtMs: job.beganAtMs });
  }

  #dequeue(job: SimJob): void {
    this.lanes.remove(job);
    this.#tenants.leave(job.tenantId);
  }

  #release(job: SimJob): void {
    const { holding } = job;
    if (holding === undefined) return;
    holding.backend.release(job, holding);
    this.#money.take(holding.backend.id, job.tenantId, -holding.reservedUsd);
    this.held -= 1;
    job.holding = undefined;
    job.sequence = undefined;
  }

  #forget(job: SimJob): void {
    job.state = 'ended';
    this.live.delete(job.index);
  }
}
