import type { BackendView, JobView, Snapshot } from '../snapshot.ts';
import { cloudMs, TYPICAL_CLOUD } from '../../prediction/cloud-latency.ts';
import { prefillMs, stepMs } from '../../prediction/engine-profile.ts';
import { type LengthBook, openLengthBook, type OutputLength } from '../../prediction/output-length.ts';
import type { Contender } from '../order/order-rule.ts';
import type { Forecast } from '../plan-result.ts';
import { type Backlog, type LaneWork, openBacklog, type PoolLanes } from './backlog.ts';
import { joiningOf, openPool, ORDINARY_PROMPT, type Pool, poolResidenceMs, poolWorkMs } from './pool.ts';

/** What a plan can say of the time to come, for jobs that find no room now. */
export interface Forecasts {
  /** What answers are taken for. */
  readonly lengths: LengthBook;
  /** The local backends of a model group. */
  poolOf(modelGroup: string): Pool;
  backlogOf(pool: Pool): Backlog;
  /**
   * How long local hardware will take to have a job ready, in ms from now, waiting included; Infinity while no local
   * backend of it works.
   *
   * @param before jobs of its lane in front of it
   * @param relievedMs work that was ahead of it in the snapshot and is not any more, in ms of one backend
   */
  localMs(pool: Pool, waiting: Waiting, before: number, relievedMs: number): number;
  /** The same if it began now, beside a full batch that nothing joins; 0 while no local backend works. */
  shortestMs(pool: Pool, job: JobView, output: OutputLength): number;
  /** All that waits for a model group. */
  waitingFor(modelGroup: string): GroupWork;
}

/** A job in its lane, what its answer is taken for, and the class it competes in. */
type Waiting = Pick<Contender, 'lane' | 'job' | 'output' | 'competesAs'>;

/** Jobs that wait, the tokens of their prompts, and those their answers are taken for. */
interface GroupWork {
  readonly jobs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export function openForecasts(snapshot: Snapshot): Forecasts {
  const lengths = openLengthBook(snapshot.outputLengths);
  const groups = new Map<string, { readonly pool: Pool; readonly lanes: LaneWork[] }>();
  const pools = new Map<string, Pool>();
  const groupOf = (modelGroup: string): { readonly pool: Pool; readonly lanes: LaneWork[] } => {
    const known = groups.get(modelGroup);
    if (known !== undefined) return known;
    const local = servingBackends(modelGroup, snapshot).filter(({ location }) => location === 'local');
    const key = local.map(({ id }) => id).join();
    const pool = pools.get(key) ?? openPool(key, local);
    pools.set(key, pool);
    const group = { pool, lanes: [] };
    groups.set(modelGroup, group);
    return group;
  };
  for (const lane of snapshot.lanes) {
    const { mean } = lengths.predict(lane.tenantId, lane.modelGroup, '*', Infinity);
    groupOf(lane.modelGroup).lanes.push({ lane, outputTokens: lane.depth * mean });
  }

  const backlogs = new Map<Pool, Backlog>();
  const backlogOf = (pool: Pool): Backlog => {
    const known = backlogs.get(pool);
    if (known !== undefined) return known;
    const parts: PoolLanes[] = [];
    for (const { pool: other, lanes } of groups.values()) {
      const share = overlap(pool, other);
      if (share > 0) parts.push({ lanes, share });
    }
    const backlog = openBacklog(pool, parts, snapshot, lengths);
    backlogs.set(pool, backlog);
    return backlog;
  };

  return {
    lengths,
    poolOf: (modelGroup) => groupOf(modelGroup).pool,
    backlogOf,
    shortestMs: (pool, { inputTokens }, { p50 }) =>
      pool.working === 0
        ? 0
        : prefillMs(pool.profile, pool.slots, inputTokens) + p50 * stepMs(pool.profile, pool.slots),
    localMs: (pool, { lane, job, output: { p50, mean }, competesAs }, before, relievedMs) => {
      if (pool.working === 0) return Infinity;
      const ahead = backlogOf(pool).workAhead(lane, before, competesAs);
      // A slot is free once one more of those that run now has ended.
      const waiting = Math.max(0, ahead - relievedMs) + poolWorkMs(pool, job.inputTokens, mean);
      return waiting / pool.working + poolResidenceMs(pool, job.inputTokens, p50, joiningOf(pool, mean));
    },
    waitingFor: (modelGroup) => {
      const total = { jobs: 0, inputTokens: 0, outputTokens: 0 };
      for (const { lane, outputTokens } of groupOf(modelGroup).lanes) {
        total.jobs += lane.depth;
        total.inputTokens += lane.inputTokens;
        total.outputTokens += outputTokens;
      }
      return total;
    },
  };
}

/** What clients are told of every model group that some backend serves now. */
export function forecastGroups(snapshot: Snapshot, forecasts: Forecasts): readonly Forecast[] {
  const told: Forecast[] = [];
  for (const modelGroup of snapshot.modelGroups.keys()) {
    const { jobs, ...waiting } = forecasts.waitingFor(modelGroup);
    const inputTokens = jobs === 0 ? ORDINARY_PROMPT : waiting.inputTokens / jobs;
    const outputTokens =
      jobs === 0
        ? forecasts.lengths.predict('*', modelGroup, '*', Infinity).mean
        : waiting.outputTokens / jobs;
    const pool = forecasts.poolOf(modelGroup);
    if (pool.working > 0) {
      const jobMs = poolWorkMs(pool, inputTokens, outputTokens) / pool.working;
      const residenceMs = poolResidenceMs(pool, inputTokens, outputTokens, joiningOf(pool, outputTokens));
      told.push({ modelGroup, jobMs, residenceMs });
      continue;
    }
    const cloud = servingBackends(modelGroup, snapshot).filter(
      ({ location, health }) => location === 'cloud' && health.kind === 'up',
    );
    if (cloud.length === 0) continue;
    const residenceMs = Math.min(
      ...cloud.map(({ latency }) => cloudMs(latency ?? TYPICAL_CLOUD, outputTokens)),
    );
    told.push({ modelGroup, jobMs: 0, residenceMs });
  }
  return told;
}

function servingBackends(modelGroup: string, { modelGroups, backends }: Snapshot): readonly BackendView[] {
  const models = modelGroups.get(modelGroup) ?? [];
  return backends.filter(({ models: served }) => models.some((model) => served.includes(model)));
}

/** The share of the other pool's backends that are of this one, too. */
function overlap(pool: Pool, other: Pool): number {
  if (pool === other) return 1;
  const common = other.backends.filter((backend) => pool.backends.includes(backend)).length;
  return common === 0 ? 0 : common / other.backends.length;
}
