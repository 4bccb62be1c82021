import { randomUUID } from 'node:crypto';
import { idFromUuid, type JobId, type WorkerId } from '@spillway/core';
import { expect, test } from 'vitest';
import { completed, gpu, newJob, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import type { Settlement } from '../jobs/settle-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createAuditCell } from './audit-cell.ts';
import { openBatchClient, openBatchWorker } from './busy-batches.fixtures.ts';
import type { Drift } from './drift.ts';
import { createReconciler } from './reconciler.ts';

const LOOKS = 12;
const limits = { maxQueuedJobs: 10_000, maxQueueLength: undefined };

test('while clients, workers of jobs and batches, clocks and the scheduler are busy, nobody sees drift', async () => {
  await using store = await openTestStore();
  await openLife(store).beat();
  const looked = new AbortController();
  const known: JobId[] = [];
  const jobs = [submitter, submitter, canceller, scheduler, workerOf(0), workerOf(1), duties];
  const actors = [...jobs, batchClient, batchWorker, batchWorker];
  const busy = Promise.all(actors.map((act) => act(store, known, looked.signal)));
  const steps = () => reconcile(store);
  const found = await Promise.all([steps(), steps(), look(store)]);
  looked.abort();
  expect(found).toEqual([[], [], []]);
  expect(Math.min(...(await busy)), 'each was busy all the while').toBeGreaterThan(LOOKS);
  // Ten clients at once: on a busy machine each look takes its time.
}, 60_000);

async function reconcile(store: TestStore): Promise<readonly Drift[]> {
  const reconciler = createReconciler(await store.connect(), store.keys);
  return repeat(() => reconciler.step());
}

async function look(store: TestStore): Promise<readonly Drift[]> {
  const audit = createAuditCell(await store.connect(), store.keys);
  return repeat(async () => (await audit()).drift);
}

async function repeat(find: () => Promise<readonly Drift[]>): Promise<readonly Drift[]> {
  const drift: Drift[] = [];
  for (let times = 0; times < LOOKS; times += 1) drift.push(...(await find()));
  return drift;
}

/** Acts until the signal; gives the number of its rounds. */
type Actor = (store: TestStore, known: JobId[], signal: AbortSignal) => Promise<number>;

async function rounds(signal: AbortSignal, act: (round: number) => Promise<unknown>): Promise<number> {
  let round = 0;
  for (; !signal.aborted; round += 1) await act(round);
  return round;
}

const submitter: Actor = async (store, known, signal) => {
  const life = openLife({ ...store, redis: await store.connect() });
  return rounds(signal, async () => {
    const jobs = Array.from({ length: 4 }, (_, index) =>
      newJob({
        startWithinMs: index === 0 ? 5 : 30_000,
        deadlineMs: index === 1 ? 20 : 60_000,
        retainMs: 30,
      }),
    );
    for (const job of jobs) await life.submit(job, limits, undefined);
    known.push(...jobs.map(({ id }) => id));
  });
};

const batchClient: Actor = async (store, _known, signal) =>
  rounds(signal, openBatchClient({ ...store, redis: await store.connect() }));

const batchWorker: Actor = async (store, known, signal) =>
  rounds(signal, openBatchWorker({ ...store, redis: await store.connect() }, known));

const canceller: Actor = async (store, known, signal) => {
  const life = openLife({ ...store, redis: await store.connect() });
  return rounds(signal, async (round) => {
    const id = known[(round * 7) % Math.max(1, known.length)];
    if (id !== undefined) await life.cancel(id, tenant);
    else await life.snapshot();
  });
};

const scheduler: Actor = async (store, _known, signal) => {
  const life = openLife({ ...store, redis: await store.connect() });
  return rounds(signal, async () => {
    const { lanes } = await life.snapshot();
    const heads = lanes.flatMap(({ head }) => head).slice(0, 4);
    await life.dispatch(
      ...heads.map(({ id, fence }) => ({ ...life.assignment(newJob({ id })), fence, slots: 8 })),
    );
  });
};

const OUTCOMES: readonly Settlement[] = [
  completed,
  { kind: 'returned' },
  { kind: 'expired' },
  {
    kind: 'crashed',
    reason: { kind: 'backend-error', detail: '500' },
    availableAtMs: 0,
    backendFault: { blamed: false, coolForMs: 0 },
  },
];

const workerOf =
  (number: 0 | 1): Actor =>
  async (store, _known, signal) => {
    const redis = await store.connect();
    const life = openLife({ ...store, redis });
    const workerId: WorkerId = idFromUuid('WorkerId', randomUUID());
    return rounds(signal, async (round) => {
      const { claims } = await life.claim(4, workerId);
      // Every few rounds one of the workers dies with what it holds, and is heard of again.
      if (number === 1 && round % 5 === 4) {
        await redis.zadd(`${store.keys.prefix}workers`, 'XX', 1, workerId);
        return;
      }
      for (const [index, { lease, startedAtMs }] of claims.entries()) {
        const later: Settlement = {
          kind: 'retry',
          reason: { kind: 'backend-error', detail: '500' },
          availableAtMs: startedAtMs + 10,
          exclude: gpu,
          backendFault: { blamed: true, coolForMs: 0 },
        };
        await life.settle(lease, OUTCOMES[(round + index) % 5] ?? later);
      }
    });
  };

const duties: Actor = async (store, _known, signal) => {
  const life = openLife({ ...store, redis: await store.connect() });
  return rounds(signal, async () => {
    await life.duties.expireUnstarted();
    await life.duties.expireOverdue();
    await life.duties.rescueJobs();
    await life.duties.endOverlong();
    await life.duties.purgeRetained();
    await life.duties.unseenJobs();
  });
};
