import type { JobId } from '@spillway/core';
import { openBatches } from '../batches/batch-life.fixtures.ts';
import type { Claim } from '../jobs/claim-jobs.ts';
import { completed, gpu, newJob, noLimit, openLife } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { laneKey } from '../keys.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { createAuditCell } from './audit-cell.ts';
import type { Drift, DriftKind, RepairedKind } from './drift.ts';
import { createCellWalk } from './walk-cell.ts';

export const LATER_MS = Date.now() + 3_600_000;
export const lane = laneKey(newJob().lane);
const EVERYTHING = { scanned: Number.POSITIVE_INFINITY, looked: Number.POSITIVE_INFINITY };

export type DriftingCell = Awaited<ReturnType<typeof openDriftingCell>>;

/**
 * Which drift was planted, and what else the audit must then see. `observe` uses the cell where it drifted, and finds
 * what is `healthy` if and only if it was repaired.
 */
interface Planted {
  readonly subject: string;
  readonly audited?: readonly DriftKind[];
  readonly healthy: unknown;
  readonly observe: () => Promise<unknown>;
}
export type Plant = (cell: DriftingCell) => Promise<Planted>;

export const definePlants = <Kind extends RepairedKind>(
  plants: Readonly<Record<Kind, Plant>>,
): Readonly<Record<Kind, Plant>> => plants;

/** A cell with one backend and one worker, and the short ways to put jobs into every state. */
export async function openDriftingCell() {
  const store = await openTestStore();
  const { redis, keys } = store;
  const life = openLife(store);
  const walk = createCellWalk(redis, keys, 'repair');
  const auditCell = createAuditCell(redis, keys);
  const batches = openBatches(store);
  const key = (name: string): string => keys.prefix + name;
  await life.beat();
  const queued = async (changes: Partial<NewJob> = {}): Promise<NewJob> => {
    const job = newJob(changes);
    await life.submit(job, noLimit, undefined);
    return job;
  };
  const running = async (changes: Partial<NewJob> = {}): Promise<Claim> => life.run(await queued(changes));
  /** How many jobs are taken from the dead; the store was not away, however slow this machine is. */
  const rescue = async (): Promise<number> => {
    await redis.del(key('rescue'));
    return (await life.duties.rescueJobs()).rescued;
  };
  return {
    ...store,
    life,
    batches,
    key,
    audit: auditCell,
    /** One whole pass that repairs; what it found. */
    repair: async (): Promise<readonly Drift[]> => (await walk.advance(EVERYTHING)).drift,
    queued,
    dispatched: async (changes: Partial<NewJob> = {}): Promise<NewJob> => {
      const job = await queued(changes);
      await life.dispatch(life.assignment(job));
      return job;
    },
    running,
    retrying: async (): Promise<JobId> => {
      const { lease } = await running();
      await life.settle(lease, {
        kind: 'retry',
        reason: { kind: 'backend-error', detail: '500' },
        availableAtMs: LATER_MS,
        exclude: undefined,
        backendFault: { blamed: false, coolForMs: 0 },
      });
      return lease.jobId;
    },
    ended: async (): Promise<JobId> => {
      const { lease } = await running();
      await life.settle(lease, completed);
      return lease.jobId;
    },
    /** A job on its last chance. */
    suspect: async (): Promise<NewJob> => {
      const job = await queued();
      await redis.hset(keys.job(job.id), 'rescues', 2);
      return job;
    },
    /** A pinned job that the backend holds, and its deadline. */
    pinned: async () => {
      const job = await queued({ lane: { ...newJob().lane, pinned: true } });
      await life.dispatch(life.assignment(job));
      return { id: job.id, dueAtMs: Number(await redis.hget(keys.job(job.id), 'deadline_at_ms')) };
    },
    pinnedDueAtMs: async (): Promise<number | undefined> =>
      (await life.snapshot()).backends[0]?.pinnedDue?.atMs,
    /** The waiting jobs a plan would see, in their order. */
    heads: async (): Promise<readonly JobId[]> =>
      (await life.snapshot()).lanes.flatMap(({ head }) => head.map(({ id }) => id)),
    /** What a plan would think the backend holds. */
    held: async () => {
      const [backend] = (await life.snapshot()).backends;
      return backend && { held: backend.held, tokens: backend.heldTokens };
    },
    rescue,
    /** As when the backend has not been heard of for long. */
    rescueFromBackend: async (): Promise<number> => {
      await redis.hset(keys.backend(gpu), 'heard_at_ms', 1);
      return rescue();
    },
    /** Why a commit does not dispatch the job. */
    refusals: async (job: NewJob): Promise<readonly string[]> => {
      const reply = await life.dispatch(life.assignment(job));
      return reply.kind === 'applied' ? reply.refused.map(({ because }) => because) : [reply.kind];
    },
    backendKey: (name: string): string => `${keys.backend(gpu)}:${name}`,
  };
}
