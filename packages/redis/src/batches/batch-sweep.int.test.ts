import { idFromUuid, type JobId } from '@spillway/core';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { completed, gpu, leftBehind, newJob, NOTHING, openLife, tenant } from '../jobs/job-life.fixtures.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { openBatches } from './batch-life.fixtures.ts';

const backendFault = { blamed: false, coolForMs: 0 };
const reason = { kind: 'backend-error', detail: '500' } as const;

/** A batch with a job in each state that has not ended, in the order of their lines: 0 runs, 1 is dispatched, … */
async function openMixed(store: TestStore) {
  const life = openLife(store);
  const batches = openBatches(store);
  const begun = await batches.begin(10);
  const jobs = await batches.feed(begun, 5, (index) => ({ deadlineMs: 50_000 + index }));
  const [running = newJob(), dispatched = newJob(), retrying = newJob(), ...queued] = jobs;
  await life.beat();
  const claim = await life.run(running);
  const { lease } = await life.run(retrying);
  const { nowMs } = await life.snapshot();
  const availableAtMs = nowMs + 20_000;
  await life.settle(lease, { kind: 'retry', reason, availableAtMs, exclude: undefined, backendFault });
  await life.dispatch(life.assignment(dispatched));
  const heads = async (): Promise<readonly JobId[]> =>
    (await life.snapshot()).lanes.flatMap(({ head }) => head.map(({ id }) => id));
  return { life, batches, begun, claim, running, dispatched, retrying, queued, heads, jobs };
}

describe('what a batch has under way', () => {
  test('ends when it is cancelled, whatever its state, and runs on nowhere', async () => {
    await using store = await openTestStore();
    const { life, batches, begun, claim, jobs, running } = await openMixed(store);
    const stopped: string[] = [];
    const listener = await store.connect();
    listener.on('message', (_channel, id: string) => {
      stopped.push(id);
    });
    await listener.subscribe(store.keys.cancelChannel);
    await batches.store.requestCancel(begun.id, tenant);
    await batches.sweep(begun.lease, 'cancel');
    await expect.poll(() => stopped).toEqual([running.id]);
    expect((await batches.view(begun.lease)).view.open).toBe(0);
    const states = await Promise.all(jobs.map(({ id }) => life.stateOf(id)));
    expect(new Set(states)).toEqual(new Set(['cancelled']));
    const { record, view } = await batches.view(begun.lease);
    expect(record).toMatchObject({ status: 'cancelling', counts: { cancelled: 5, completed: 0 } });
    expect(view.settled).toBe(5);
    expect(await life.settle(claim.lease, completed)).toMatchObject({ kind: 'lost' });
    expect(await leftBehind(store)).toEqual(NOTHING);
    await batches.sweep(begun.lease, 'cancel');
    expect((await batches.view(begun.lease)).record.counts.cancelled, 'again').toBe(5);
  });

  test('is planned no more while it is held, except what runs, and comes back in its order', async () => {
    await using store = await openTestStore();
    const { life, batches, begun, claim, jobs, running, dispatched, heads } = await openMixed(store);
    const waiting = jobs.filter(({ id }) => id !== running.id).map(({ id }) => id);
    await batches.sweep(begun.lease, 'hold');
    expect((await batches.view(begun.lease)).view).toMatchObject({ held: 'all', open: 5 });
    expect(await heads()).toEqual([]);
    expect((await life.claim(5)).claims, 'nor claimed').toEqual([]);
    expect(await life.dispatch(life.assignment(dispatched, { fence: 1 }))).toMatchObject({ dispatched: [] });
    expect(await life.settle(claim.lease, completed)).toMatchObject({ kind: 'settled', state: 'completed' });
    await batches.sweep(begun.lease, 'hold');
    expect(await heads(), 'again').toEqual([]);

    await batches.sweep(begun.lease, 'resume');
    expect((await batches.view(begun.lease)).view).toMatchObject({ held: 'none', open: 4, settled: 1 });
    expect(await heads()).toEqual(waiting);
    expect((await life.run(dispatched, 1)).attempt).toBe(1);
  });

  test('that waits for its next attempt on its own is not hurried by a resume', async () => {
    await using store = await openTestStore();
    const { batches, begun, queued, heads } = await openMixed(store);
    await batches.sweep(begun.lease, 'resume');
    expect(await heads()).toEqual(queued.map(({ id }) => id));
  });

  test('expires with its batch while it is held', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(10, { windowMs: 30 });
    const [job = newJob()] = await batches.feed(begun, 1, () => ({ deadlineMs: 30 }));
    await batches.sweep(begun.lease, 'hold');
    await expect.poll(() => life.duties.expireOverdue()).toBe(1);
    expect(await life.stateOf(job.id)).toBe('expired');
    expect((await batches.view(begun.lease)).view).toMatchObject({ open: 0, settled: 1 });
  });

  test('is swept a part at a time, and all of it', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(1000);
    await batches.feed(begun, 700);
    let calls = 0;
    let cursor: string | undefined = '0';
    while (cursor !== undefined) {
      cursor = await batches.work.sweepOpen(begun.lease, 'hold', cursor);
      calls += 1;
      const { held } = (await batches.view(begun.lease)).view;
      expect(held, 'all of it, at the end').toBe(cursor === undefined ? 'all' : 'some');
    }
    expect(calls).toBeGreaterThan(2);
    expect((await life.snapshot()).lanes).toEqual([]);
    await batches.sweep(begun.lease, 'resume');
    expect((await life.snapshot()).lanes).toMatchObject([{ depth: 700 }]);
    await batches.sweep(begun.lease, 'cancel');
    expect((await batches.view(begun.lease)).view).toMatchObject({ open: 0, settled: 700 });
  });

  test('holds no job of another batch', async () => {
    await using store = await openTestStore();
    const batches = openBatches(store);
    const [one, other] = [await batches.begin(1), await batches.begin(1)];
    await batches.feed(one, 1);
    const [job = newJob()] = await batches.feed(other, 1);
    await batches.sweep(one.lease, 'cancel');
    expect((await batches.view(other.lease)).view.open).toBe(1);
    expect(await openLife(store).stateOf(job.id)).toBe('queued');
  });

  test('that ended otherwise, or is gone, is left out', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const batches = openBatches(store);
    const begun = await batches.begin(1);
    const gone = idFromUuid('JobId', randomUUID());
    await store.redis.sadd(`${store.keys.batch(begun.id)}:open`, gone);
    await batches.sweep(begun.lease, 'cancel');
    expect((await batches.view(begun.lease)).view).toMatchObject({ open: 0, settled: 0 });
    expect(await life.stateOf(gone)).toBeUndefined();
    expect(await store.redis.exists(`${store.keys.backend(gpu)}:running`)).toBe(0);
  });
});
