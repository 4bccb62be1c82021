import { randomUUIDv7 } from 'node:crypto';
import { configSchema } from '@spillway/contracts';
import { createPrefixIndex, idFromUuid, plan } from '@spillway/core';
import { buildCommit, buildSnapshot, createHoldMemory } from '@spillway/planning';
import { type Cell, createCommitPlan, createLeaderElection, createTakeSnapshot } from '@spillway/redis';

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

/** What the scheduler does in a tick, on the real store: snapshot, plan, and a commit with its records. */
export async function openLiveTick(
  { redis, keys }: Cell,
  backends: Readonly<Record<string, unknown>>,
): Promise<() => Promise<TickParts>> {
  const config = configSchema.parse({ backends, routing: { overflow: { mode: 'off' } } });
  const using = { config, version: 'bench' };
  const leadership = await createLeaderElection(redis, keys).lead(
    idFromUuid('WorkerId', randomUUIDv7()),
    LEASE_MS,
  );
  if (leadership === undefined) throw new Error('somebody else leads');
  const takeSnapshot = createTakeSnapshot(redis, keys);
  const commitPlan = createCommitPlan(redis, keys);
  const view = { sinceMs: 0, prefixes: createPrefixIndex() };
  const written = createHoldMemory();
  return async () => {
    const startedAtMs = performance.now();
    const taken = await takeSnapshot();
    const snapshot = buildSnapshot(taken, config, view);
    const takenAtMs = performance.now();
    const { commit } = buildCommit(plan(snapshot), snapshot, using, leadership.epoch, written);
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
