import type { BackendView, JobView, LaneView, Snapshot } from '../snapshot.ts';
import type { JobClass } from '../../job/state.ts';
import { cloudMs, TYPICAL_CLOUD } from '../../prediction/cloud-latency.ts';
import { prefillMs, stepMs } from '../../prediction/engine-profile.ts';
import { type LengthBook, openLengthBook } from '../../prediction/output-length.ts';
import type { Forecast } from '../plan-result.ts';
import { type Backlog, openBacklog, type PoolLanes } from './backlog.ts';
import { joiningOf, openPool, ORDINARY_PROMPT, type Pool, poolResidenceMs, poolWorkMs } from './pool.ts';

/** What a plan can say of the time to come, for jobs that find no room now. */
export interface Forecasts {
  /** What answers are taken for. */
  readonly lengths: LengthBook;
  /** The local backends of a model group. */
  poolOf(modelGroup: string): Pool;
  backlogOf(modelGroup: string): Backlog;
  /**
   * How long local hardware will take to have a job ready, in ms from now, waiting included; Infinity while no local
   * backend of it works.
   *
   * @param before jobs of its lane in front of it
   * @param relievedMs work that was ahead of it in the snapshot and is not any more, in ms of one backend
   */
  localMs(lane: LaneView, job: JobView, before: number, competesAs: JobClass, relievedMs: number): number;
  /** The same if it began now, beside a full batch that nothing joins; 0 while no local backend works. */
  shortestMs(lane: LaneView, job: JobView): number;
}

export function openForecasts(snapshot: Snapshot): Forecasts {
  const lengths = openLengthBook(snapshot.outputLengths);
  const pools = new Map<string, Pool>();
  const byGroup = new Map<string, Pool>();
  const poolOf = (modelGroup: string): Pool => {
    const known = byGroup.get(modelGroup);
    if (known !== undefined) return known;
    const local = servingBackends(modelGroup, snapshot).filter(({ location }) => location === 'local');
    const key = local.map(({ id }) => id).join();
    const pool = pools.get(key) ?? openPool(key, local);
    pools.set(key, pool);
    byGroup.set(modelGroup, pool);
    return pool;
  };

  const lanesByPool = new Map<Pool, LaneView[]>();
  for (const lane of snapshot.lanes) {
    const pool = poolOf(lane.modelGroup);
    const lanes = lanesByPool.get(pool);
    if (lanes === undefined) lanesByPool.set(pool, [lane]);
    else lanes.push(lane);
  }

  const backlogs = new Map<Pool, Backlog>();
  const backlogOf = (modelGroup: string): Backlog => {
    const pool = poolOf(modelGroup);
    const known = backlogs.get(pool);
    if (known !== undefined) return known;
    const parts: PoolLanes[] = [];
    for (const [other, lanes] of lanesByPool) {
      const share = overlap(pool, other);
      if (share > 0) parts.push({ lanes, share });
    }
    const backlog = openBacklog(pool, parts, snapshot, lengths);
    backlogs.set(pool, backlog);
    return backlog;
  };

  return {
    lengths,
    poolOf,
    backlogOf,
    shortestMs: (lane, job) => {
      const pool = poolOf(lane.modelGroup);
      if (pool.working === 0) return 0;
      const { p50 } = lengths.predict(lane.tenantId, lane.modelGroup, job.task, job.outputTokens);
      return prefillMs(pool.profile, pool.slots, job.inputTokens) + p50 * stepMs(pool.profile, pool.slots);
    },
    localMs: (lane, job, before, competesAs, relievedMs) => {
      const pool = poolOf(lane.modelGroup);
      if (pool.working === 0) return Infinity;
      const { p50, mean } = lengths.predict(lane.tenantId, lane.modelGroup, job.task, job.outputTokens);
      const ahead = backlogOf(lane.modelGroup).workAhead(lane, before, competesAs);
      // A slot is free once one more of those that run now has ended.
      const waiting = Math.max(0, ahead - relievedMs) + poolWorkMs(pool, job.inputTokens, mean);
      return waiting / pool.working + poolResidenceMs(pool, job.inputTokens, p50, joiningOf(pool, mean));
    },
  };
}

/** What clients are told of every model group that some backend serves now. */
export function forecastGroups(snapshot: Snapshot, forecasts: Forecasts): readonly Forecast[] {
  const { lengths } = forecasts;
  const waiting = new Map<string, { jobs: number; input: number; output: number }>();
  for (const lane of snapshot.lanes) {
    const total = waiting.get(lane.modelGroup) ?? { jobs: 0, input: 0, output: 0 };
    waiting.set(lane.modelGroup, total);
    const { mean } = lengths.predict(lane.tenantId, lane.modelGroup, '*', Infinity);
    total.jobs += lane.depth;
    total.input += lane.inputTokens;
    total.output += lane.depth * mean;
  }
  const told: Forecast[] = [];
  for (const modelGroup of snapshot.modelGroups.keys()) {
    const { jobs, input, output } = waiting.get(modelGroup) ?? { jobs: 0, input: 0, output: 0 };
    const inputTokens = jobs === 0 ? ORDINARY_PROMPT : input / jobs;
    const outputTokens = jobs === 0 ? lengths.predict('*', modelGroup, '*', Infinity).mean : output / jobs;
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
