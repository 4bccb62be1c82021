import { randomUUID } from 'node:crypto';
import { type BackendId, idFromUuid } from '@spillway/core';
import {
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
  isStoreUnavailable,
  openCell,
} from '@spillway/redis';
import { expect, test, vi } from 'vitest';
import { newJob, noLimit } from './redis/new-job.ts';
import { startServer } from './redis/start-server.ts';

const nothing = () => undefined;
const gpu = 'gpu-0' as BackendId;
const workerId = idFromUuid('WorkerId', randomUUID());

test('a Redis that is full takes no job, and still finishes what it has taken until there is room again', async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer({}));
  const { redis, keys } = await openCell(
    {
      url: server.url,
      cell: 'full',
      role: 'background',
      replicas: 0,
      onError: nothing,
      onNotDurable: nothing,
    },
    stack,
  );
  const submitJob = createSubmitJob(redis, keys);
  const submit = (job = newJob()) => submitJob({ ...job, retainMs: 1 }, noLimit, undefined);
  const reader = createJobReader(redis, keys);
  const duties = createDuties(redis, keys);
  const beat = () =>
    createHeartbeat(
      redis,
      keys,
    )({
      workerId,
      backendId: gpu,
      slots: 4,
      exclusive: true,
      leases: [],
      descriptor: {
        kind: 'vllm',
        location: 'local',
        models: ['m'],
        endpoints: ['/v1/chat/completions'],
        simulated: true,
        draining: false,
      },
    });
  const [job, other] = [newJob(), newJob()];
  await submit(job);
  await submit(other);

  await server.admin.config('SET', 'maxmemory', 1);
  expect(isStoreUnavailable(await submit().catch((error: unknown) => error))).toBe(true);

  expect(await beat()).toMatchObject({ kind: 'alive' });
  const leadership = await createLeaderElection(redis, keys).lead(workerId, 60_000);
  if (leadership === undefined) throw new Error('nobody leads');
  const [lane] = (await createTakeSnapshot(redis, keys)()).lanes;
  expect(lane?.depth).toBe(2);
  const assignment = {
    job: job.id,
    fence: 0,
    backend: gpu,
    model: 'm',
    location: 'local',
    slots: 4,
    tokens: 30,
    charge: 30,
    weight: 1,
    predictedFinishAtMs: Date.now(),
    predictedOutputTokens: 20,
    decision: '{}',
  } as const;
  const nothingElse = {
    holds: [],
    rejections: [],
    looked: [],
    overflowing: [],
    forecasts: [],
    weights: [],
  };
  const plan = { assignments: [assignment], ...nothingElse };
  expect(await createCommitPlan(redis, keys)(plan, leadership)).toMatchObject({ refused: [] });
  const claim = { workerId, backendId: gpu, location: 'local', most: 4 } as const;
  const { claims } = await createClaimJobs(redis, keys)(claim);
  const lease = claims[0]?.lease;
  if (lease === undefined) throw new Error('nothing was claimed');
  const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, costMicroUsd: 0 };
  const servedBy = { backend: gpu, location: 'local', model: 'm', simulated: true } as const;
  const answer = { kind: 'completed', statusCode: 200, body: { text: 'x' }, usage, servedBy } as const;
  expect(await createSettleJob(redis, keys)(lease, answer)).toMatchObject({ kind: 'settled' });
  expect((await reader.one(job.id))?.state).toBe('completed');
  expect(await createCancelJob(redis, keys)(other.id, other.lane.tenantId)).toEqual({ kind: 'cancelled' });
  expect(await duties.rescueJobs()).toEqual({ rescued: 0, poisoned: 0 });
  await vi.waitUntil(async () => (await duties.purgeRetained()) > 0);

  await server.admin.config('SET', 'maxmemory', 0);
  expect(await submit()).toMatchObject({ kind: 'accepted' });
});
