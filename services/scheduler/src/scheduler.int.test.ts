import { createSignals } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { Scheduler } from './scheduler.ts';
import { aConfig, gpu } from '@spillway/planning/testing';
import { newWorkerId, openScheduling, type Scheduling } from './testing/open-scheduling.ts';

/** A running scheduler of the cell; `die` ends it the way a killed process ends: without a word. */
function startScheduler(cell: Scheduling) {
  const stop = new AbortController();
  let dead = false;
  const silence = new Promise<never>(() => undefined);
  const { election } = cell;
  const scheduler = new Scheduler({
    id: newWorkerId(),
    election: {
      lead: (id, leaseMs) => (dead ? silence : election.lead(id, leaseMs)),
      resign: (id) => (dead ? silence : election.resign(id)),
    },
    tick: (leadership) => (dead ? silence : cell.tick(leadership)),
    duties: () => (dead ? silence : cell.doDuties()),
    logger: cell.logger,
    onLeading: () => undefined,
  });
  const ended = scheduler.run(stop.signal);
  return {
    scheduler,
    die: () => {
      dead = true;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
}

describe('the schedulers of a cell', () => {
  test('of two one leads; when it dies the other takes over within five seconds and dispatches', async () => {
    await using cell = await openScheduling(aConfig());
    await using first = startScheduler(cell);
    await expect.poll(() => first.scheduler.leading).toBe(true);
    await using second = startScheduler(cell);
    await cell.beat(gpu, 4);
    const id = await cell.submit();
    first.scheduler.wake();
    await expect.poll(async () => (await cell.read(id)).state).toBe('dispatched');
    expect(second.scheduler.leading).toBe(false);

    first.die();
    const diedAt = performance.now();
    const next = await cell.submit();
    await expect
      .poll(async () => (await cell.read(next)).state, { timeout: 6000, interval: 20 })
      .toBe('dispatched');
    expect(performance.now() - diedAt).toBeLessThan(5000);
    expect((await cell.decisions(next)).at(-1)).toMatchObject({ action: 'assign', epoch: 2 });
  });

  test('one that stops gives the lead back, and the other need not wait for the lease', async () => {
    await using cell = await openScheduling(aConfig());
    const first = startScheduler(cell);
    await expect.poll(() => first.scheduler.leading).toBe(true);
    await using second = startScheduler(cell);
    await first[Symbol.asyncDispose]();
    await expect.poll(() => second.scheduler.leading, { timeout: 2000 }).toBe(true);
  });

  test('an arrival wakes the leader, which dispatches without being asked', async () => {
    await using cell = await openScheduling(aConfig());
    await using leader = startScheduler(cell);
    await expect.poll(() => leader.scheduler.leading).toBe(true);
    await cell.beat(gpu, 4);
    let wakes = 0;
    const unsubscribe = await createSignals(await cell.connect(), cell.keys).onWake(() => {
      wakes += 1;
      leader.scheduler.wake();
    });
    const id = await cell.submit();
    await expect.poll(async () => (await cell.read(id)).state).toBe('dispatched');
    expect(wakes).toBeGreaterThan(0);
    unsubscribe();
  });
});

describe('the duties of the leader', () => {
  test('what a dead worker ran and held goes back, and is run by the next one', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 2);
    const [running, dispatched] = [await cell.submit(), await cell.submit()];
    await cell.tick();
    const { lease } = await cell.claim(running, gpu);
    await cell.redis.zadd(`${cell.keys.prefix}workers`, 1, lease.workerId);
    await cell.redis.hset(cell.keys.backend(gpu), 'heard_at_ms', 1);
    await cell.doDuties();
    expect(await cell.statesOf([running, dispatched])).toEqual({ queued: 2 });
    expect(cell.log()).toContain('"jobs.rescued"');
    await cell.beat(gpu, 2);
    await cell.tick();
    expect((await cell.claim(running, gpu)).attempt).toBe(2);
  });

  test('a job that did not start in time is expired, wherever it waits', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 1);
    const [dispatched, queued] = [
      await cell.submit({ deadlineMs: 1 }),
      await cell.submit({ startWithinMs: 1 }),
    ];
    await cell.tick();
    await expect
      .poll(async () => {
        await cell.doDuties();
        return cell.statesOf([dispatched, queued]);
      })
      .toEqual({ expired: 2 });
    expect(await cell.heldOf(gpu)).toEqual([]);
  });
});
