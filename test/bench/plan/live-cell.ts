import { randomUUIDv7 } from 'node:crypto';
import { type BackendId, idFromUuid, type TenantId } from '@spillway/core';
import {
  type BackendDescriptor,
  type Cell,
  createClaimJobs,
  createHeartbeat,
  createSettleJob,
  createSubmitJob,
  type NewJob,
} from '@spillway/redis';
import { inParallel } from '../common/in-parallel.ts';

/** A cell with a backlog and busy workers, on a real store. */
export interface LiveCell {
  /** Its backends as the configuration has them. */
  readonly backends: Readonly<Record<string, unknown>>;
  /** Of all its workers. */
  readonly slots: number;
  /** Adds jobs, evenly to one lane of each tenant. */
  fill(jobs: number): Promise<void>;
  /** A sign of life of every worker. */
  beat(): Promise<void>;
  /** Ends so many of the jobs that workers hold, or all of them. */
  free(jobs: number): Promise<void>;
}

export const LIVE = { backends: 50, slots: 8 } as const;

const MODEL = 'small';
const SUBMITTERS = 256;
const HOUR_MS = 3_600_000;

export function openLiveCell({ redis, keys }: Cell, tenants: number): LiveCell {
  const submit = createSubmitJob(redis, keys);
  const heartbeat = createHeartbeat(redis, keys);
  const claim = createClaimJobs(redis, keys);
  const settle = createSettleJob(redis, keys);
  const workers = Array.from({ length: LIVE.backends }, (_, index) => ({
    backendId: `gpu-${String(index).padStart(2, '0')}` as BackendId,
    workerId: idFromUuid('WorkerId', randomUUIDv7()),
  }));
  let made = 0;
  let turn = 0;
  return {
    slots: LIVE.backends * LIVE.slots,
    backends: Object.fromEntries(
      workers.map(({ backendId }) => [
        backendId,
        { kind: 'vllm', url: 'http://127.0.0.1:9', models: { [MODEL]: MODEL } },
      ]),
    ),
    fill: (jobs) =>
      inParallel(SUBMITTERS, jobs, async () => {
        made += 1;
        const limits = { maxQueuedJobs: 10_000_000, maxQueueLength: undefined };
        const { kind } = await submit(newJob(made % tenants), limits, undefined);
        if (kind !== 'accepted') throw new Error(`a submission was ${kind}`);
      }),
    beat: async () => {
      await Promise.all(
        workers.map((worker) =>
          heartbeat({ ...worker, descriptor: DESCRIPTOR, slots: LIVE.slots, exclusive: true, leases: [] }),
        ),
      );
    },
    free: async (jobs) => {
      for (let left = jobs, idle = 0; left > 0 && idle < workers.length; turn += 1) {
        const worker = workers[turn % workers.length];
        if (worker === undefined) return;
        const { claims } = await claim({ ...worker, location: 'local', most: 1 });
        for (const { lease } of claims) await settle(lease, { kind: 'expired' });
        left -= claims.length;
        idle = claims.length === 0 ? idle + 1 : 0;
      }
    },
  };
}

const newJob = (tenant: number): NewJob => ({
  id: idFromUuid('JobId', randomUUIDv7()),
  lane: {
    jobClass: 'standard',
    modelGroup: MODEL,
    tenantId: `tenant-${tenant}` as TenantId,
    pinned: false,
  },
  startWithinMs: undefined,
  deadlineMs: HOUR_MS,
  maxWaitMs: HOUR_MS,
  attemptTimeoutMs: 120_000,
  retainMs: HOUR_MS,
  features: {
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: '*',
    inputTokens: 800,
    outputTokens: 256,
    prefix: [1, 2, 3],
  },
  description: { findings: [], metadata: null },
  webhook: undefined,
  request: '{}',
});

const DESCRIPTOR: BackendDescriptor = {
  kind: 'vllm',
  location: 'local',
  models: [MODEL],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
  kvCapacityTokens: 100_000,
  contextTokens: 32_768,
};
