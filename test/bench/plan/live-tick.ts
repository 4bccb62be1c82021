import { randomUUIDv7 } from 'node:crypto';
import { configSchema } from '@spillway/contracts';
import { createPrefixIndex, idFromUuid, type Hold, plan, type Snapshot } from '@spillway/core';
import {
  buildSnapshot,
  type DecisionContext,
  packDecision,
  recordAssignment,
  recordHold,
} from '@spillway/planning';
import {
  type Cell,
  type Commit,
  createCommitPlan,
  createLeaderElection,
  createTakeSnapshot,
} from '@spillway/redis';

/** How long the parts of a tick took, in ms. */
export interface TickParts {
  readonly snapshotMs: number;
  readonly planMs: number;
  readonly commitMs: number;
  readonly assignments: number;
  /** Jobs of the snapshot that no plan had looked at. */
  readonly fresh: number;
}

const LEASE_MS = 3_600_000;
const RECORD_HOLDS_AFTER_MS = 1000;

/** What the scheduler does in a tick, on the real store: snapshot, plan, and a commit with its records. */
export async function openLiveTick(
  { redis, keys }: Cell,
  backends: Readonly<Record<string, unknown>>,
): Promise<() => Promise<TickParts>> {
  const config = configSchema.parse({ backends, routing: { overflow: { mode: 'off' } } });
  const leadership = await createLeaderElection(redis, keys).lead(
    idFromUuid('WorkerId', randomUUIDv7()),
    LEASE_MS,
  );
  if (leadership === undefined) throw new Error('somebody else leads');
  const takeSnapshot = createTakeSnapshot(redis, keys);
  const commitPlan = createCommitPlan(redis, keys);
  const view = { sinceMs: 0, prefixes: createPrefixIndex() };
  const told = new Set<string>();
  return async () => {
    const startedAtMs = performance.now();
    const taken = await takeSnapshot();
    const snapshot = buildSnapshot(taken, config, view);
    const takenAtMs = performance.now();
    const commit = toCommit(plan(snapshot), snapshot, leadership.epoch, told);
    const plannedAtMs = performance.now();
    const reply = await commitPlan(commit, leadership);
    if (reply.kind === 'deposed' || reply.refused.length > 0) throw new Error('a plan was refused');
    return {
      snapshotMs: takenAtMs - startedAtMs,
      planMs: plannedAtMs - takenAtMs,
      commitMs: performance.now() - plannedAtMs,
      assignments: reply.dispatched.length,
      fresh: snapshot.fresh.length,
    };
  };
}

/** As the scheduler writes it: a decision for each assignment, and one for each new reason of a longer wait. */
function toCommit(
  planned: ReturnType<typeof plan>,
  { nowMs, backends }: Snapshot,
  epoch: number,
  told: Set<string>,
): Commit {
  const context: DecisionContext = { nowMs, configVersion: 'bench', epoch };
  const slots = new Map(backends.map((backend) => [backend.id, backend.slots]));
  const isNews = ({ job, reasons }: Hold): boolean => {
    const news = `${job.id} ${reasons}`;
    if (nowMs - job.queuedAtMs <= RECORD_HOLDS_AFTER_MS || told.has(news)) return false;
    told.add(news);
    return true;
  };
  return {
    assignments: planned.assignments.map((assignment) => ({
      job: assignment.job.id,
      fence: assignment.job.fence,
      backend: assignment.backendId,
      model: assignment.model,
      location: assignment.location,
      slots: slots.get(assignment.backendId) ?? 0,
      tokens: assignment.reservedTokens,
      charge: assignment.virtualTokens,
      weight: assignment.weight,
      predictedFinishAtMs: Math.round(assignment.prediction.finishAtMs),
      counterfactual: assignment.counterfactual,
      decision: packDecision(recordAssignment(assignment, context)),
    })),
    holds: planned.holds.filter(isNews).map((hold) => ({
      job: hold.job.id,
      decision: packDecision(recordHold(hold, context)),
      untold: false,
    })),
    rejections: [],
    looked: planned.looked,
    overflowing: [...planned.overflowing],
    forecasts: planned.forecasts,
    weights: [],
  };
}
