import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import type { LeaderElection, Leadership } from '@spillway/redis';
import { createLogger } from '@spillway/service-kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TickOutcome } from './run-tick-once.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const id = idFromUuid('WorkerId', randomUUID());

/** A running scheduler in a world of the test's: who leads, what a tick does, and what was called. */
function start(changes: Partial<SchedulerOptions> = {}) {
  const stop = new AbortController();
  const lines: string[] = [];
  const world = {
    leads: true as boolean,
    resigned: 0,
    ticks: 0,
    duties: 0,
    outcome: 'idle' as TickOutcome,
    outcomes: [] as TickOutcome[],
  };
  const election: LeaderElection = {
    lead: async (): Promise<Leadership | undefined> => (world.leads ? { holder: id, epoch: 1 } : undefined),
    resign: async () => {
      world.resigned += 1;
    },
  };
  const scheduler = new Scheduler({
    id,
    election,
    tick: async () => {
      world.ticks += 1;
      return world.outcomes.shift() ?? world.outcome;
    },
    duties: async () => {
      world.duties += 1;
    },
    logger: createLogger('test', { level: 'info', write: (line) => lines.push(line) }),
    onLeading: () => undefined,
    ...changes,
  });
  const ended = scheduler.run(stop.signal);
  return { scheduler, world, lines, stop, ended };
}
/** A few milliseconds: far from the next tick of the clock. */
const soon = (): Promise<unknown> => vi.advanceTimersByTimeAsync(5);

test('taking the lead is followed by a tick, and so is every wake-up, without waiting for the clock', async () => {
  const { scheduler, world } = start();
  await soon();
  expect(world.ticks).toBe(1);
  scheduler.wake();
  await soon();
  expect(world.ticks).toBe(2);
});

test('a hundred wake-ups at once make one tick', async () => {
  const { scheduler, world } = start();
  await soon();
  for (let count = 0; count < 100; count += 1) scheduler.wake();
  await soon();
  expect(world.ticks).toBe(2);
});

test('a wake-up during a tick is not lost: another tick follows', async () => {
  const slow = Promise.withResolvers<TickOutcome>();
  let ticks = 0;
  const { scheduler } = start({
    tick: () => {
      ticks += 1;
      return ticks === 1 ? slow.promise : Promise.resolve('idle');
    },
  });
  await soon();
  scheduler.wake();
  await soon();
  expect(ticks).toBe(1);
  slow.resolve('idle');
  await vi.advanceTimersByTimeAsync(499);
  expect(ticks).toBe(2);
});

test('a tick that took long is followed by a rest twice as long, but no longer than the regular clock', async () => {
  let ticks = 0;
  const { scheduler } = start({
    tick: async () => {
      ticks += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return 'idle';
    },
  });
  await soon();
  await vi.advanceTimersByTimeAsync(100);
  scheduler.wake();
  await vi.advanceTimersByTimeAsync(190);
  expect(ticks).toBe(1);
  await vi.advanceTimersByTimeAsync(20);
  expect(ticks).toBe(2);
});

test('without wake-ups it ticks twice a second and does its duties once', async () => {
  const { world } = start();
  await soon();
  const before = { ...world };
  await vi.advanceTimersByTimeAsync(2000);
  expect(world.ticks - before.ticks).toBeGreaterThanOrEqual(3);
  expect(world.ticks - before.ticks).toBeLessThanOrEqual(4);
  expect(world.duties - before.duties).toBe(2);
});

test('a standby neither ticks nor does duties, and begins when the lead is free', async () => {
  const { scheduler, world } = start();
  world.leads = false;
  await vi.advanceTimersByTimeAsync(1000);
  const before = world.ticks;
  scheduler.wake();
  await vi.advanceTimersByTimeAsync(5000);
  expect([scheduler.leading, world.ticks]).toEqual([false, before]);
  world.leads = true;
  await vi.advanceTimersByTimeAsync(1005);
  expect(world.ticks).toBeGreaterThan(before);
});

test('a leader that finds itself deposed stops until it is elected again', async () => {
  const { scheduler, world, lines } = start();
  await soon();
  world.outcome = 'deposed';
  world.leads = false;
  scheduler.wake();
  await soon();
  expect(scheduler.leading).toBe(false);
  expect(lines.join('')).toContain('leadership.lost');
});

test('an answer to the election that took longer than the lease makes no leader', async () => {
  const late = Promise.withResolvers<Leadership | undefined>();
  const answers = [late.promise];
  const lead = (): Promise<Leadership | undefined> => answers.shift() ?? Promise.resolve(undefined);
  const taken: boolean[] = [];
  const { scheduler } = start({
    election: { lead, resign: async () => undefined },
    onLeading: (leading) => taken.push(leading),
  });
  await vi.advanceTimersByTimeAsync(3000);
  late.resolve({ holder: id, epoch: 1 });
  await soon();
  expect([scheduler.leading, taken]).toEqual([false, []]);
});

test('a plan that was refused in part is made again at once, three times in a row, then by the clock', async () => {
  const { scheduler, world } = start();
  await soon();
  const before = world.ticks;
  world.outcome = 'refused';
  scheduler.wake();
  await soon();
  expect(world.ticks - before).toBe(4);
  await vi.advanceTimersByTimeAsync(500);
  expect(world.ticks - before).toBe(5);
});

test('a plan with more to give is followed by another one until there is none', async () => {
  const outcomes: TickOutcome[] = ['unfinished', 'unfinished', 'unfinished', 'unfinished', 'dispatched'];
  const { scheduler, world } = start();
  await soon();
  const before = world.ticks;
  world.outcomes = outcomes;
  scheduler.wake();
  await soon();
  expect(world.ticks - before).toBe(5);
});

test('a tick that fails is reported, and the next one comes', async () => {
  let ticks = 0;
  const { lines } = start({
    tick: () => {
      ticks += 1;
      return Promise.reject(new Error('the store said no'));
    },
  });
  await vi.advanceTimersByTimeAsync(1100);
  expect(ticks).toBeGreaterThanOrEqual(2);
  expect(lines.filter((line) => line.includes('tick.failed'))).toHaveLength(1);
});

test('stopping gives the lead back; a standby has nothing to give', async () => {
  const leader = start();
  await soon();
  leader.stop.abort();
  await leader.ended;
  expect([leader.world.resigned, leader.scheduler.leading]).toEqual([1, false]);
  const standby = start();
  standby.world.leads = false;
  await vi.advanceTimersByTimeAsync(1000);
  standby.stop.abort();
  await standby.ended;
  expect(standby.world.resigned).toBe(0);
});

test('stopping ends within two seconds, whatever the store does', async () => {
  const { stop, ended, scheduler } = start({
    election: { lead: () => new Promise(() => undefined), resign: () => new Promise(() => undefined) },
  });
  await soon();
  stop.abort();
  await vi.advanceTimersByTimeAsync(2000);
  await ended;
  expect(scheduler.leading).toBe(false);
});

test('a goodbye that fails is reported and ends it all the same', async () => {
  const { stop, ended, lines } = start({
    election: {
      lead: async () => ({ holder: id, epoch: 1 }),
      resign: () => Promise.reject(new Error('Connection is closed.')),
    },
  });
  await soon();
  stop.abort();
  await ended;
  expect(lines.join('')).toContain('scheduler.stop_failed');
});
