import type { JobId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { gpu, openLoop } from './testing/open-loop.ts';
import { eventually, openTestCell, type TestCell } from './testing/open-test-cell.ts';

const submitMany = async (cell: TestCell, count: number): Promise<readonly JobId[]> =>
  Promise.all(Array.from({ length: count }, () => cell.submit()));

const heldBy = async ({ redis, keys }: TestCell): Promise<number> =>
  redis.zcard(`${keys.backend(gpu)}:running`);

describe('claim, run, settle', () => {
  test('a dispatch becomes an attempt, and its answer the end of the job', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const run = await worker.run(0);
    expect(run.claim).toMatchObject({ attempt: 1, model: 'house-model', lease: { jobId: id, fence: 1 } });
    expect((await cell.read(id)).state).toBe('running');
    run.end();
    expect(await cell.until(id, 'completed')).toMatchObject({
      usage: { costMicroUsd: 7 },
      servedBy: { backend: gpu, location: 'local', model: 'house-model', simulated: true },
      attempts: [{ number: 1, end: { outcome: 'completed' } }],
    });
    await eventually(() => cell.log().includes('"attempt.finished"') || undefined, 'the log line');
    expect(cell.log()).not.toContain('Say hello');
  });

  test('as many attempts at once as slots and never more, however many dispatches there are', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell, { slots: 2 });
    const ids = await submitMany(cell, 6);
    await cell.dispatch(gpu, ...ids);
    for (let ended = 0; ended < ids.length; ended += 1) {
      const begun = Math.min(ended + 2, ids.length);
      await worker.run(begun - 1);
      expect(worker.runs).toHaveLength(begun);
      (await worker.run(ended)).end();
    }
    await Promise.all(ids.map((id) => cell.until(id, 'completed')));
  });

  test('a job cancelled before it is claimed runs nothing', async () => {
    await using cell = await openTestCell();
    const [id, cancelled] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, cancelled, id);
    await cell.cancel(cancelled);
    await using worker = await openLoop(cell);
    (await worker.runOf(id)).end();
    await cell.until(id, 'completed');
    expect(worker.runs).toHaveLength(1);
  });

  test('a dispatch whose signal got lost is found with the next look', async () => {
    await using cell = await openTestCell();
    const store = await cell.workerStore();
    await using worker = await openLoop(cell, {
      store: { ...store, onDispatched: async () => () => undefined },
    });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    (await worker.run(0)).end();
    expect(await cell.until(id, 'completed')).toMatchObject({ attempts: [{ number: 1 }] });
  });
});

describe('what is learned from attempts', () => {
  test('what they say of the backend, and nothing of one that was cancelled', async () => {
    await using cell = await openTestCell();
    const judged: string[] = [];
    await using worker = await openLoop(cell, { onJudged: (judgement) => judged.push(judgement) });
    const ids = [
      await cell.submit(),
      await cell.submit(),
      await cell.submit({ attemptTimeoutMs: 50 }),
    ] as const;
    await cell.dispatch(gpu, ...ids);
    const cancelled = await worker.runOf(ids[1]);
    await cell.cancel(ids[1]);
    await eventually(() => cancelled.signal.aborted || undefined, 'the attempt to be aborted');
    await eventually(() => judged[0], 'the slow attempt to be judged');
    (await worker.runOf(ids[0])).end();
    await cell.until(ids[0], 'completed');
    expect(judged).toEqual(['timed-out', 'succeeded']);
  });

  test('nothing is claimed before what was left by another worker has been read, however often that takes', async () => {
    await using cell = await openTestCell();
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const store = await cell.workerStore();
    let reads = 0;
    let readyAt = Infinity;
    await using worker = await openLoop(cell, {
      store,
      prepare: async () => {
        reads += 1;
        if (reads === 1) throw new Error('the store is away');
        expect((await store.readDescriptor(gpu))?.kind).toBe('vllm');
        readyAt = performance.now();
      },
    });
    const run = await worker.runOf(id);
    expect(performance.now()).toBeGreaterThan(readyAt);
    expect(reads).toBe(2);
    run.end();
    await cell.until(id, 'completed');
  });
});

describe('an attempt whose lease ends', () => {
  test('a cancelled job is aborted within a second, and nothing is settled', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const { signal } = await worker.run(0);
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    const askedAt = performance.now();
    await cell.cancel(id);
    await aborted;
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await eventually(() => cell.log().includes('"settled":false') || undefined, 'the attempt to end');
    expect(await cell.read(id)).toMatchObject({
      state: 'cancelled',
      attempts: [{ end: { outcome: 'cancelled' } }],
    });
  });

  test('a cancel whose message got lost is heard of with the next heartbeat', async () => {
    await using cell = await openTestCell();
    const store = await cell.workerStore();
    await using worker = await openLoop(cell, { store: { ...store, onCancel: async () => () => undefined } });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const { signal } = await worker.run(0);
    await cell.cancel(id);
    await eventually(() => signal.aborted || undefined, 'the attempt to be aborted');
    expect((await cell.read(id)).state).toBe('cancelled');
  });

  test('a rescued job is aborted here and can be run again under its next fence', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const first = await worker.run(0);
    await cell.redis.zadd(`${cell.keys.prefix}workers`, 1, first.claim.lease.workerId);
    expect(await cell.duties.rescueJobs()).toMatchObject({ rescued: 1 });
    await eventually(() => first.signal.aborted || undefined, 'the attempt to be aborted');
    expect((await cell.read(id)).state).toBe('queued');
    await cell.dispatch(gpu, id);
    const second = await worker.run(1);
    expect(second.claim).toMatchObject({ attempt: 2, failures: 0, lease: { fence: 2 } });
    second.end();
    await cell.until(id, 'completed');
  });

  test('the deadline expires the job, and the attempt limit is a failure that is tried again', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const late = await cell.submit({ deadlineMs: 300 });
    const slow = await cell.submit({ attemptTimeoutMs: 100 });
    await cell.dispatch(gpu, late, slow);
    await worker.runOf(late);
    expect(await cell.until(late, 'expired')).toMatchObject({ error: { code: 'expired' } });
    expect(await cell.until(slow, 'queued')).toMatchObject({
      attempts: [{ end: { code: 'backend-timeout' } }],
    });
  });
});

describe('a failure', () => {
  test('of the backend is tried again until the fourth, which ends the job', async () => {
    await using cell = await openTestCell();
    const reason = { kind: 'malformed-answer', detail: 'no choices' } as const;
    await using worker = await openLoop(cell, { run: async () => ({ kind: 'failed', reason }) });
    const id = await cell.submit();
    for (const attempts of [1, 2, 3]) {
      await cell.dispatch(gpu, id);
      await expect
        .poll(async () => (await cell.read(id)).attempts.filter(({ end }) => end))
        .toHaveLength(attempts);
      expect((await cell.read(id)).state).toBe('queued');
    }
    await cell.dispatch(gpu, id);
    expect(await cell.until(id, 'failed')).toMatchObject({ error: { code: 'malformed-answer' } });
    expect(worker.loop.leasing).toBe(true);
  });

  test('that asks for a short pause does not end a longer one early', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell);
    const [patient, hasty] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, patient, hasty);
    const pause = async (id: JobId, retryAfterMs: number): Promise<number | undefined> => {
      const reason = { kind: 'backend-overloaded', detail: 'HTTP 429', retryAfterMs } as const;
      (await worker.runOf(id)).end({ kind: 'failed', reason });
      await cell.until(id, 'queued');
      return (await cell.backend(gpu))?.coolingUntilMs;
    };
    const untilMs = await pause(patient, 30_000);
    expect(untilMs).toBeGreaterThan(0);
    expect(await pause(hasty, 10)).toBe(untilMs);
  });

  test('of the adapter itself has a verdict, frees the slot, and its message stays out of the log', async () => {
    await using cell = await openTestCell();
    await using worker = await openLoop(cell, { slots: 1 });
    const [broken, next] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, broken);
    (await worker.runOf(broken)).reject(new Error('cannot read "Say hello."'));
    expect(await cell.until(broken, 'queued')).toMatchObject({
      attempts: [{ end: { code: 'backend-error', detail: 'the backend adapter failed' } }],
    });
    await cell.dispatch(gpu, next);
    (await worker.runOf(next)).end();
    await cell.until(next, 'completed');
    const line = cell
      .log()
      .split('\n')
      .find((text) => text.includes('"adapter.failed"'));
    expect(line).toContain('worker-loop.int.test.ts');
    expect(cell.log()).not.toContain('Say hello');
  });
});

describe('the store', () => {
  test('that is full for a moment gets the answer when it has room again', async () => {
    await using cell = await openTestCell();
    const store = await cell.workerStore();
    let refusals = 1;
    await using worker = await openLoop(cell, {
      store: {
        ...store,
        settle: async (lease, settlement) => {
          refusals -= 1;
          if (refusals >= 0) throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
          return store.settle(lease, settlement);
        },
      },
    });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    (await worker.run(0)).end();
    expect(await cell.until(id, 'completed')).toMatchObject({ attempts: [{ number: 1 }] });
  });

  test('whose answer to a claim got lost takes the job back from the worker that does not know of it', async () => {
    await using cell = await openTestCell();
    const store = await cell.workerStore();
    let losses = 1;
    await using worker = await openLoop(cell, {
      store: {
        ...store,
        claim: async (request) => {
          const reply = await store.claim(request);
          if (reply.claims.length > 0) losses -= 1;
          if (reply.claims.length > 0 && losses >= 0)
            throw new Error('the connection broke before the answer came');
          return reply;
        },
      },
    });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    await cell.until(id, 'running');
    await eventually(() => cell.log().includes('"claim.failed"') || undefined, 'the log line');
    // ten seconds later
    await cell.redis.hset(cell.keys.job(id), 'started_at_ms', 1);
    await cell.until(id, 'queued');
    expect(await heldBy(cell)).toBe(0);
    await cell.dispatch(gpu, id);
    (await worker.run(0)).end();
    await cell.until(id, 'completed');
  });
});
