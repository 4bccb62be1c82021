import type { WorkerId } from '../id/id.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import { decideRetryAfterCrash, DEFAULT_RETRY_POLICY } from '../job/retry.ts';
import type { JobClass } from '../job/state.ts';
import { type JobEvent, type JobLife, transition } from '../job/transition.ts';
import { plan } from './plan.ts';
import type { Plan } from './plan-result.ts';
import { aBackend, aJob, aLane, aSnapshot, backendId, POLICY } from './snapshot.fixtures.ts';
import type { JobView, LaneView } from './snapshot.ts';

const TICK_MS = 100;
const workerId = 'wrk_00000000000000000000000001' as WorkerId;

/** What is submitted. Its number is its rank: the deadline is the later, the higher. */
export interface SimSpec {
  readonly tenantId: TenantId;
  readonly jobClass: JobClass;
  readonly inputTokens: number;
  /** Ticks of work until it completes, or, for poison, until whoever works on it dies. */
  readonly ticks: number;
  readonly poison: boolean;
}

export interface SimJob extends SimSpec {
  readonly view: JobView;
  life: JobLife;
  /** Ticks worked in this attempt. */
  worked: number;
}

/** How poison and chance kill: the worker with all it holds, or the engine under its running attempts. */
export type Death = 'worker' | 'engine';

interface SimOptions {
  /** Slots of each backend; each has a worker and an engine of its own. */
  readonly slots: readonly number[];
  readonly maxRescues: number;
  readonly weights: ReadonlyMap<TenantId, number>;
  /** In [0, 1): for the backoff after a crash. */
  readonly jitter: () => number;
}

/** A cell as small as can be: the real plan and the real transitions, and engines that only count ticks. */
export function createSim({ slots, maxRescues, weights, jitter }: SimOptions) {
  const policy = { ...POLICY, maxRescues };
  const names = slots.map((_, index) => backendId(`gpu-${index}`));
  const jobs: SimJob[] = [];
  const charged = new Map<TenantId, number>();
  let nowMs = 0;

  const apply = (job: SimJob, event: JobEvent): void => {
    const moved = transition(job.life, event);
    if (!moved.ok) throw new Error(`${moved.error.event} is illegal from ${moved.error.from}`);
    job.life = moved.value;
    job.worked = 0;
  };
  const heldBy = (id: BackendId, ...kinds: readonly ('dispatched' | 'running')[]): readonly SimJob[] =>
    jobs.filter(({ life: { state } }) => kinds.some((kind) => state.kind === kind && state.backendId === id));
  const isReady = ({ life: { state } }: SimJob): boolean =>
    state.kind === 'queued' && state.availableAtMs <= nowMs;

  const lanes = (): readonly LaneView[] => {
    const byLane = Map.groupBy(jobs.filter(isReady), (job) => `${job.tenantId} ${job.jobClass}`);
    return [...byLane.values()].flatMap((ready) => {
      const head = ready.map(({ view, life: { fence, rescues } }) => ({ ...view, fence, rescues }));
      return ready.slice(0, 1).map(({ tenantId, jobClass }) => aLane(head, { tenantId, jobClass }));
    });
  };
  const backends = () =>
    names.map((id, index) => {
      const held = heldBy(id, 'dispatched', 'running');
      return aBackend(id, {
        slots: slots[index] ?? 0,
        held: held.length,
        heldTokens: held.reduce((sum, { view }) => sum + view.inputTokens + view.outputTokens, 0),
        suspects: held.filter(({ life }) => life.rescues >= maxRescues - 1).length,
      });
    });

  const die = (id: BackendId, death: Death): void => {
    for (const job of heldBy(id, 'running')) {
      const crashes = job.life.rescues + 1;
      const again = decideRetryAfterCrash(crashes, Infinity, DEFAULT_RETRY_POLICY, nowMs, jitter());
      const reason = { kind: 'engine-lost', detail: '' } as const;
      const { fence } = job.life;
      apply(
        job,
        death === 'engine' && again.kind === 'retry'
          ? { ...again, kind: 'attempt-crashed', fence, atMs: nowMs, maxRescues, reason }
          : { kind: 'rescued', atMs: nowMs, maxRescues, blamed: true },
      );
    }
    if (death === 'engine') return;
    for (const job of heldBy(id, 'dispatched'))
      apply(job, { kind: 'rescued', atMs: nowMs, maxRescues, blamed: true });
  };

  return {
    jobs: jobs as readonly SimJob[],
    charged: charged as ReadonlyMap<TenantId, number>,
    lanes,

    submit: (spec: SimSpec): void => {
      const number = jobs.length + 1;
      const { inputTokens } = spec;
      const view = aJob(number, { inputTokens, outputTokens: 0, deadlineAtMs: 1e9 + number });
      const life: JobLife = {
        state: { kind: 'queued', availableAtMs: nowMs },
        fence: 0,
        attempts: 0,
        rescues: 0,
      };
      jobs.push({ ...spec, view, life, worked: 0 });
    },

    /** Plans and commits: who is dispatched is charged. */
    schedule: (): Plan => {
      const tenants = new Map(
        [...weights].map(([tenantId, weight]) => [
          tenantId,
          { weight, virtualTokens: charged.get(tenantId) ?? 0 },
        ]),
      );
      const made = plan(aSnapshot(backends(), lanes(), { nowMs, tenants, policy }));
      for (const {
        job: { id },
        backendId: to,
        lane,
        virtualTokens,
      } of made.assignments) {
        for (const job of jobs.filter(({ view }) => view.id === id))
          apply(job, { kind: 'dispatched', backendId: to, atMs: nowMs });
        charged.set(lane.tenantId, (charged.get(lane.tenantId) ?? 0) + virtualTokens);
      }
      return made;
    },

    /** The worker of one backend takes up to so many of its dispatched jobs. */
    claim: (index: number, most: number): void => {
      for (const id of names.slice(index, index + 1)) {
        for (const job of heldBy(id, 'dispatched').slice(0, most))
          apply(job, { kind: 'claimed', workerId, fence: job.life.fence, atMs: nowMs });
      }
    },

    /** Time passes, and the engine of one backend works: jobs complete, or poison kills. */
    work: (index: number, death: Death): void => {
      nowMs += TICK_MS;
      for (const id of names.slice(index, index + 1)) {
        const running = heldBy(id, 'running');
        for (const job of running) job.worked += 1;
        const done = running.filter(({ worked, ticks }) => worked >= ticks);
        for (const job of done.filter(({ poison }) => !poison))
          apply(job, { kind: 'attempt-completed', fence: job.life.fence, atMs: nowMs });
        if (done.some(({ poison }) => poison)) die(id, death);
      }
    },

    /** Chance kills: a machine is switched off. */
    strike: (index: number, death: Death): void => {
      for (const id of names.slice(index, index + 1)) die(id, death);
    },
  };
}
export type Sim = ReturnType<typeof createSim>;
