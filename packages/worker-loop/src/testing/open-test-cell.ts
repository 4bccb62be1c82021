import { randomUUID } from 'node:crypto';
import { type BackendId, type Forecast, idFromUuid, type JobId, type TenantId } from '@spillway/core';
import {
  createCancelJob,
  createCommitPlan,
  createDuties,
  createJobReader,
  createLeaderElection,
  createSubmitJob,
  createTakeSnapshot,
  type BackendDescriptor,
  type BackendState,
  type Commit,
  type JobRecord,
  type Keys,
  type NewJob,
  type Redis,
} from '@spillway/redis';
import { openTestStore } from '@spillway/redis/testing';
import { createLogger, createMetrics, type Logger } from '@spillway/service-kit';
import { type AttemptMetrics, createAttemptMetrics } from '../attempt-metrics.ts';
import { createWorkerStore, type WorkerStore } from '../worker-store.ts';

const TENANT = 'acme' as TenantId;
const MODEL = 'house-model';
/** So many slots that no commit of a test is refused for want of one. */
const ROOM = 1000;
const PREDICTED_MS = 5000;
const PREDICTED_TOKENS = 15;
const NOTHING: Commit = {
  assignments: [],
  holds: [],
  rejections: [],
  looked: [],
  overflowing: [],
  forecasts: [],
  weights: [],
};
/** What stands for the descriptor of a backend whose worker has not been heard of yet. */
const UNHEARD: BackendDescriptor = {
  kind: 'vllm',
  location: 'local',
  models: [MODEL],
  endpoints: ['/v1/chat/completions'],
  simulated: true,
  draining: false,
};

/** What a test asks of a job; the rest is that of a chat job with a minute to its deadline. */
export interface TestJob extends Partial<NewJob> {
  readonly pinned?: boolean;
  /** The model group, and the model it is dispatched with. */
  readonly model?: string;
  readonly prompt?: string;
}

/** A cell of a test's own, with everything around a worker: clients that submit, a leader that dispatches. */
export interface TestCell extends AsyncDisposable {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly url: string;
  readonly metrics: AttemptMetrics;
  readonly logger: Logger;
  /** Everything that was logged. */
  log(): string;
  /** A worker's access to the cell, over connections of its own. */
  workerStore(): Promise<WorkerStore>;
  submit(job?: TestJob): Promise<JobId>;
  cancel(id: JobId): Promise<void>;
  /** What the latest plan says of a model group, until the next dispatch. */
  foretell(forecast: Forecast): Promise<void>;
  /** Commits assignments to the backend; waits for a job whose retry is not due yet. */
  dispatch(backendId: BackendId, ...ids: readonly JobId[]): Promise<void>;
  read(id: JobId): Promise<JobRecord>;
  /** The job's record once its state is this one; rejects after ten seconds. */
  until(id: JobId, state: JobRecord['state']): Promise<JobRecord>;
  backend(id: BackendId): Promise<BackendState | undefined>;
  readonly duties: ReturnType<typeof createDuties>;
}

export async function openTestCell(): Promise<TestCell> {
  const store = await openTestStore();
  const { redis, keys, url } = store;
  const lines: string[] = [];
  const reader = createJobReader(redis, keys);
  const submit = createSubmitJob(redis, keys);
  const cancel = createCancelJob(redis, keys);
  const commitPlan = createCommitPlan(redis, keys);
  const takeSnapshot = createTakeSnapshot(redis, keys);
  const leader = idFromUuid('WorkerId', randomUUID());
  const leadership = await createLeaderElection(redis, keys).lead(leader, 600_000);
  if (leadership === undefined) throw new Error('somebody else leads this cell');

  const read = async (id: JobId): Promise<JobRecord> => {
    const record = await reader.one(id);
    if (record === undefined) throw new Error(`${id} is gone`);
    return record;
  };
  /** A backend as the plan saw it that a test makes: there, and with room, whatever it is by now. */
  const pretendRoom = async (backendId: BackendId): Promise<void> => {
    const key = keys.backend(backendId);
    await redis.hsetnx(key, 'descriptor', JSON.stringify(UNHEARD));
    await redis.hset(key, 'slots', ROOM, 'draining', 0, 'heard_at_ms', Date.now());
  };
  const dispatchOne = async (backendId: BackendId, id: JobId): Promise<void> => {
    const { fence, lane } = await read(id);
    const assignment = {
      job: id,
      fence,
      backend: backendId,
      model: lane.modelGroup,
      // as if the plan had been mistaken about a pinned job: what must stop it comes later
      location: 'local',
      slots: ROOM,
      tokens: 30,
      charge: 50,
      weight: 1,
      predictedFinishAtMs: Date.now() + PREDICTED_MS,
      predictedOutputTokens: PREDICTED_TOKENS,
      decision: '{}',
    } as const;
    const slots = await redis.hget(keys.backend(backendId), 'slots');
    await eventually(async () => {
      await pretendRoom(backendId);
      const reply = await commitPlan({ ...NOTHING, assignments: [assignment] }, leadership);
      if (slots !== null) await redis.hset(keys.backend(backendId), 'slots', slots);
      if (reply.kind === 'deposed') throw new Error('somebody else leads this cell now');
      const because = reply.refused[0]?.because;
      if (because !== undefined && because !== 'not-available')
        throw new Error(`${id} was refused: ${because}`);
      return reply.dispatched[0];
    }, `${id} to be dispatched`);
  };

  return {
    redis,
    keys,
    url,
    metrics: createAttemptMetrics(createMetrics('test')),
    logger: createLogger('test', { level: 'info', write: (line) => lines.push(line) }),
    log: () => lines.join(''),
    workerStore: async () =>
      createWorkerStore({ redis: await store.connect(), listener: await store.connect(), keys }),
    submit: async (job = {}) => {
      const made = toNewJob(job);
      const reply = await submit(made, { maxQueuedJobs: 1000, maxQueueLength: undefined }, undefined);
      if (reply.kind !== 'accepted') throw new Error(`not accepted: ${reply.kind}`);
      return made.id;
    },
    cancel: async (id) => {
      await cancel(id, TENANT);
    },
    foretell: async (forecast) => {
      await commitPlan({ ...NOTHING, forecasts: [forecast] }, leadership);
    },
    dispatch: async (backendId, ...ids) => {
      for (const id of ids) await dispatchOne(backendId, id);
    },
    read,
    until: (id, state) =>
      eventually(async () => {
        const record = await read(id);
        return record.state === state ? record : undefined;
      }, `${id} to be ${state}`),
    backend: async (id) => (await takeSnapshot()).backends.find((backend) => backend.id === id),
    duties: createDuties(redis, keys),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function toNewJob({ pinned = false, model = MODEL, prompt = 'Say hello.', ...changes }: TestJob): NewJob {
  return {
    id: idFromUuid('JobId', randomUUID()),
    lane: { jobClass: 'standard', modelGroup: model, tenantId: TENANT, pinned },
    startWithinMs: undefined,
    deadlineMs: 60_000,
    attemptTimeoutMs: 30_000,
    retainMs: 60_000,
    maxWaitMs: 60_000,
    features: {
      endpoint: '/v1/chat/completions',
      strategy: 'auto',
      task: 'chat',
      inputTokens: 10,
      outputTokens: 20,
      prefix: [],
    },
    description: { findings: [], metadata: null },
    webhook: undefined,
    request: JSON.stringify({ model, max_tokens: 16, messages: [{ role: 'user', content: prompt }] }),
    ...changes,
  };
}

const LONGEST_MS = 10_000;

/** Asks every 10 ms until there is an answer; the store has no event for every change. */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  what: string,
): Promise<Answer> {
  const untilMs = performance.now() + LONGEST_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= untilMs) throw new Error(`waited ${LONGEST_MS} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
