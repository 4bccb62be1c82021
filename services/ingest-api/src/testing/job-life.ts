import { randomUUID } from 'node:crypto';
import type { DecisionBody } from '@spillway/contracts';
import { type BackendId, type BackendLocation, type Forecast, idFromUuid, type JobId } from '@spillway/core';
import { packDecision } from '@spillway/planning';
import { aDecision } from '@spillway/planning/testing';
import {
  type Commit,
  createClaimJobs,
  createCommitPlan,
  createHeartbeat,
  createLeaderElection,
  createSettleJob,
  type Lease,
  type Settlement,
} from '@spillway/redis';
import type { TestStore } from '@spillway/redis/testing';

/** Does to jobs what the scheduler and the workers would, at once and on request. */
export interface JobLife {
  /** A sign of life of the backend's worker, which has room. */
  beat(location: BackendLocation): Promise<void>;
  dispatch(id: JobId, location?: BackendLocation): Promise<void>;
  run(id: JobId, location?: BackendLocation): Promise<Lease>;
  settle(lease: Lease, settlement: Settlement): Promise<void>;
  /** Dispatches, runs and completes a queued job with `text` as its answer. */
  complete(id: JobId, text?: string, location?: BackendLocation): Promise<void>;
  /** The request as a worker would get it. */
  requestOf(id: JobId): Promise<unknown>;
  decide(id: JobId, decision: DecisionBody): Promise<void>;
  /** What a plan foretells of a model group. */
  foretell(forecast: Forecast): Promise<void>;
}

const BACKENDS: Record<BackendLocation, BackendId> = {
  local: 'gpu-0' as BackendId,
  cloud: 'cloud-0' as BackendId,
};
const SLOTS = 64;
const NOTHING: Commit = {
  assignments: [],
  holds: [],
  rejections: [],
  looked: [],
  overflowing: [],
  forecasts: [],
  weights: [],
};

export function createJobLife({ redis, keys }: TestStore): JobLife {
  const worker = idFromUuid('WorkerId', randomUUID());
  const election = createLeaderElection(redis, keys);
  const commit = createCommitPlan(redis, keys);
  const claim = createClaimJobs(redis, keys);
  const settle = createSettleJob(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);

  const lead = async () => {
    const leadership = await election.lead(worker, 60_000);
    if (leadership === undefined) throw new Error('somebody else leads this cell');
    return leadership;
  };
  const life: JobLife = {
    beat: async (location) => {
      await heartbeat({
        workerId: worker,
        backendId: BACKENDS[location],
        slots: SLOTS,
        exclusive: false,
        leases: [],
        descriptor: {
          kind: location === 'local' ? 'vllm' : 'openai',
          location,
          models: ['small'],
          endpoints: ['/v1/chat/completions'],
          simulated: true,
          draining: false,
        },
      });
    },
    dispatch: async (id, location = 'local') => {
      const backend = BACKENDS[location];
      await life.beat(location);
      const assignment = {
        job: id,
        fence: 0,
        backend,
        model: 'small',
        location,
        slots: SLOTS,
        tokens: 1,
        charge: 1,
        weight: 1,
        predictedFinishAtMs: Date.now() + 1000,
        predictedOutputTokens: 15,
        counterfactual: { inputUsdPerMillion: 1, outputUsdPerMillion: 4 },
        decision: packDecision(sampleDecision(location)),
      };
      const reply = await commit({ ...NOTHING, assignments: [assignment] }, await lead());
      if (reply.kind === 'deposed' || reply.refused.length > 0) {
        throw new Error(`not dispatched: ${JSON.stringify(reply)}`);
      }
    },
    run: async (id, location = 'local') => {
      await life.dispatch(id, location);
      const { claims } = await claim({
        workerId: worker,
        backendId: BACKENDS[location],
        location,
        most: SLOTS,
      });
      const lease = claims.map((claimed) => claimed.lease).find(({ jobId }) => jobId === id);
      if (lease === undefined) throw new Error(`${id} was not claimed`);
      return lease;
    },
    settle: async (lease, settlement) => {
      const reply = await settle(lease, settlement);
      if (reply.kind === 'lost') throw new Error(`not settled: the job is ${reply.state}`);
    },
    complete: async (id, text = 'an answer', location = 'local') =>
      life.settle(await life.run(id, location), completedWith(text, location)),
    requestOf: async (id) => JSON.parse((await redis.get(keys.request(id))) ?? 'null') as unknown,
    foretell: async (forecast) => {
      await commit({ ...NOTHING, forecasts: [forecast] }, await lead());
    },
    decide: async (id, decision) => {
      await commit(
        { ...NOTHING, holds: [{ job: id, decision: packDecision(decision), untold: false }] },
        await lead(),
      );
    },
  };
  return life;
}

const completedWith = (text: string, location: BackendLocation = 'local'): Settlement => ({
  kind: 'completed',
  statusCode: 200,
  body: { choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] },
  usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 20, costMicroUsd: 7 },
  servedBy: { backend: BACKENDS[location], location, model: 'small', simulated: true },
});

/** What the scheduler writes down when it gives a job away. */
export const sampleDecision = (
  location: BackendLocation,
  changes: Partial<DecisionBody> = {},
): DecisionBody =>
  aDecision({
    backend: BACKENDS[location],
    trigger: location === 'local' ? 'local' : 'depth',
    queue: { depth: 1, overflowing: location === 'cloud' },
    ...changes,
  });
