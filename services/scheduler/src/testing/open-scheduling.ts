import { randomUUID } from 'node:crypto';
import type { Config, DecisionBody } from '@spillway/contracts';
import { type BackendId, createPrefixIndex, idFromUuid, type JobId, type WorkerId } from '@spillway/core';
import { createFirstInstant, unpackDecision, createHoldMemory } from '@spillway/planning';
import {
  type BackendDescriptor,
  type Claim,
  createCancelJob,
  createClaimJobs,
  createCommitPlan,
  createDuties,
  createHeartbeat,
  createJobReader,
  createLeaderElection,
  createSettleJob,
  createSubmitJob,
  createTakeSnapshot,
  type Heartbeat,
  type JobFeatures,
  type JobRecord,
  type Leadership,
  type NewJob,
} from '@spillway/redis';
import { openTestStore, type TestStore } from '@spillway/redis/testing';
import { createLogger, createMetrics } from '@spillway/service-kit';
import { createDispatchPaces } from '../dispatch-paces.ts';
import { createForecastMemory } from '../forecast-memory.ts';
import { createLaneReasons } from '../lane-reasons.ts';
import { createPromotedJobs } from '../promoted-jobs.ts';
import { recordUnseenOnce } from '../record-unseen-once.ts';
import { runDutiesOnce } from '../run-duties-once.ts';
import { createPrefillClock } from '../prefill-clock.ts';
import { runTickOnce, type TickOutcome } from '../run-tick-once.ts';
import { createSchedulerMetrics } from '../scheduler-metrics.ts';
import { acme, gpu, MODEL } from '@spillway/planning/testing';

export const newWorkerId = (): WorkerId => idFromUuid('WorkerId', randomUUID());

/** One cell with what a scheduler has around it: clients that submit, workers that are heard of. */
export type Scheduling = Awaited<ReturnType<typeof openScheduling>>;

export async function openScheduling(config: Config) {
  const store: TestStore = await openTestStore();
  const { redis, keys } = store;
  const reader = createJobReader(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const claimJobs = createClaimJobs(redis, keys);
  const settle = createSettleJob(redis, keys);
  const submit = createSubmitJob(redis, keys);
  const cancel = createCancelJob(redis, keys);
  const election = createLeaderElection(redis, keys);
  const workers = new Map<BackendId, WorkerId>();
  const claimed = new Map<JobId, Claim>();
  const lines: string[] = [];
  const shared = {
    metrics: createSchedulerMetrics(createMetrics('test')),
    logger: createLogger('test', { level: 'info', write: (line) => lines.push(line) }),
  };
  const duties = { ...shared, duties: createDuties(redis, keys) };
  const deps = {
    ...shared,
    takeSnapshot: createTakeSnapshot(redis, keys),
    commitPlan: createCommitPlan(redis, keys),
    config: () => ({ config, version: 'sha256:00' as const, source: 'spillway.yaml' }),
    since: createFirstInstant(),
    prefixes: createPrefixIndex(),
    prefills: createPrefillClock(),
    written: createHoldMemory(),
    paces: createDispatchPaces(),
    forecasts: createForecastMemory(),
    promoted: createPromotedJobs(),
    reasons: createLaneReasons(),
  };
  const read = async (id: JobId): Promise<JobRecord> => {
    const record = await reader.one(id);
    if (record === undefined) throw new Error(`${id} is gone`);
    return record;
  };
  return {
    ...store,
    election,
    logger: shared.logger,
    log: () => lines.join(''),
    read,
    /** Ticks once as the leader, or as the one whose leadership is given. */
    tick: async (leadership?: Leadership): Promise<TickOutcome> => {
      const leading = leadership ?? (await election.lead(LEADER, 60_000));
      if (leading === undefined) throw new Error('somebody else leads');
      return runTickOnce(deps, leading);
    },
    /** Ticks once, with something that happens between its snapshot and its commit. */
    tickAfter: async (happens: () => Promise<unknown>): Promise<TickOutcome> => {
      const leading = await election.lead(LEADER, 60_000);
      if (leading === undefined) throw new Error('somebody else leads');
      const takeSnapshot: typeof deps.takeSnapshot = async () => {
        const snapshot = await deps.takeSnapshot();
        await happens();
        return snapshot;
      };
      return runTickOnce({ ...deps, takeSnapshot }, leading);
    },
    cancel: (id: JobId) => cancel(id, acme),
    doDuties: () => runDutiesOnce(duties),
    recordUnseen: () => recordUnseenOnce({ ...deps, ...duties }, 1),
    submit: async (changes: Partial<NewJob> & { readonly pinned?: boolean } = {}): Promise<JobId> => {
      const { pinned = false, ...rest } = changes;
      const job: NewJob = {
        id: idFromUuid('JobId', randomUUID()),
        lane: { jobClass: 'standard', modelGroup: MODEL, tenantId: acme, pinned },
        startWithinMs: undefined,
        deadlineMs: 60_000,
        maxWaitMs: 150_000,
        attemptTimeoutMs: 30_000,
        retainMs: 60_000,
        features: FEATURES,
        description: { findings: [], metadata: null },
        webhook: undefined,
        request: '{}',
        ...rest,
      };
      await submit(job, { maxQueuedJobs: 1000, maxQueueLength: undefined }, undefined);
      return job.id;
    },
    /** A sign of life of the backend's one worker. */
    beat: async (
      backendId: BackendId,
      slots: number,
      leases: Heartbeat['leases'] = [],
      described: Partial<BackendDescriptor> = {},
    ): Promise<void> => {
      const workerId = workers.get(backendId) ?? newWorkerId();
      workers.set(backendId, workerId);
      const location = backendId === gpu ? 'local' : 'cloud';
      const endpoints = ['/v1/chat/completions' as const];
      const descriptor = {
        kind: 'test',
        location,
        models: [MODEL],
        endpoints,
        simulated: true,
        draining: false,
        ...described,
      };
      await heartbeat({
        workerId,
        backendId,
        descriptor,
        slots,
        exclusive: location === 'local',
        leases,
      } as Heartbeat);
    },
    /** Claims what is dispatched to the backend, oldest first, until it comes to this job. */
    claim: async (id: JobId, backendId: BackendId): Promise<Claim> => {
      const workerId = workers.get(backendId) ?? newWorkerId();
      const location = backendId === gpu ? 'local' : 'cloud';
      for (let claim = claimed.get(id); ; claim = claimed.get(id)) {
        if (claim !== undefined && claim.lease.fence === (await read(id)).fence) return claim;
        const { claims } = await claimJobs({ workerId, backendId, location, most: 1 });
        if (claims[0] === undefined) throw new Error(`${id} was not dispatched to ${backendId}`);
        claimed.set(claims[0].lease.jobId, claims[0]);
      }
    },
    settle,
    statesOf: async (ids: readonly JobId[]): Promise<Record<string, number>> => {
      const states = await Promise.all(ids.map(async (id) => (await read(id)).state));
      return Object.fromEntries(
        Object.entries(Object.groupBy(states, (state) => state)).map(([state, all]) => [state, all.length]),
      );
    },
    /** What a backend was given and has not ended. */
    heldOf: async (backendId: BackendId): Promise<readonly JobId[]> =>
      [
        ...(await redis.zrange(`${keys.backend(backendId)}:dispatched`, '0', '-1')),
        ...(await redis.zrange(`${keys.backend(backendId)}:running`, '0', '-1')),
      ] as JobId[],
    decisions: async (id: JobId): Promise<readonly DecisionBody[]> =>
      (await reader.decisions(id)).flatMap((text) => unpackDecision(text) ?? []),
    /** As if the job had been waiting for that long. */
    waitedFor: async (id: JobId, ms: number): Promise<void> => {
      const { createdAtMs } = await read(id);
      await redis.hset(keys.job(id), 'available_at_ms', createdAtMs - ms);
      await redis.zadd(`${keys.prefix}unseen`, 'XX', createdAtMs - ms, id);
    },
    [Symbol.asyncDispose]: (): Promise<void> => store[Symbol.asyncDispose](),
  };
}

const LEADER = newWorkerId();

/** Of a short question. */
export const FEATURES: JobFeatures = {
  endpoint: '/v1/chat/completions',
  strategy: 'auto',
  task: '*',
  inputTokens: 10,
  outputTokens: 20,
  prefix: [],
};
