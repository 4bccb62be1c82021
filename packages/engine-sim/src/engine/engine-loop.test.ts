import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BatchingEngine } from './batching.ts';
import { EngineLoop } from './engine-loop.ts';
import type { Ticket } from './ticket.ts';

const openLoop = (speed: number, maxQueuedRequests = 100): EngineLoop => {
  const profile = { baseMs: 10, perSequenceMs: 0, perPrefillTokenMs: 0 };
  const engine = new BatchingEngine({ profile, maxNumSeqs: 2, kvCapacityTokens: 16_000, speed: 1 });
  return new EngineLoop(engine, { speed, maxQueuedRequests, nowMs: () => performance.now() });
};

function submit(loop: EngineLoop, outputTokens: number, signal = new AbortController().signal): Ticket {
  const ticket = loop.submit({ promptTokens: 16, outputTokens, finishReason: 'stop' }, signal);
  if (!ticket.ok) throw new Error(ticket.error);
  return ticket.value;
}

describe('EngineLoop', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('virtual time runs at the speed factor', async () => {
    const loop = openLoop(5);
    const ticket = submit(loop, 50);
    await vi.advanceTimersByTimeAsync(99);
    expect(ticket.sequence.phase).toBe('running');
    await vi.advanceTimersByTimeAsync(2);
    await expect(ticket.ended()).resolves.toBe('finished');
    expect(ticket.sequence.finishedAtMs).toBeCloseTo(500, 6);
  });

  test('a request that arrives while the engine is idle starts at its arrival, not in the past', async () => {
    const loop = openLoop(1);
    await vi.advanceTimersByTimeAsync(1_000);
    const ticket = submit(loop, 1);
    await vi.advanceTimersByTimeAsync(10);
    expect(ticket.sequence).toMatchObject({ arrivedAtMs: 1_000, admittedAtMs: 1_000, finishedAtMs: 1_010 });
  });

  test('several steps shorter than a timer tick are run in one go', async () => {
    const loop = openLoop(1_000);
    const ticket = submit(loop, 90);
    await vi.advanceTimersByTimeAsync(1);
    await expect(ticket.ended()).resolves.toBe('finished');
  });

  test('an abort ends the ticket and frees the slot for the next at once', async () => {
    const loop = openLoop(1);
    const client = new AbortController();
    const first = submit(loop, 1_000, client.signal);
    submit(loop, 1_000);
    const third = submit(loop, 1);
    await vi.advanceTimersByTimeAsync(15);
    expect([loop.engine.running, loop.engine.waiting]).toEqual([2, 1]);
    client.abort();
    await expect(first.ended()).resolves.toBe('aborted');
    expect([loop.engine.running, loop.engine.waiting]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(15);
    await expect(third.ended()).resolves.toBe('finished');
    expect([loop.meter.admitted, loop.meter.completed, loop.meter.aborted]).toEqual([3, 1, 1]);
  });

  test('waiting and running together are capped', () => {
    const loop = openLoop(1, 3);
    for (let sent = 0; sent < 3; sent += 1) submit(loop, 5);
    const { signal } = new AbortController();
    const fourth = loop.submit({ promptTokens: 16, outputTokens: 5, finishReason: 'stop' }, signal);
    expect(fourth).toEqual({ ok: false, error: 'queue-full' });
    expect(loop.meter.admitted).toBe(3);
  });

  test('progress wakes its waiter as soon as there is more, and at the end', async () => {
    const loop = openLoop(1);
    const ticket = submit(loop, 2);
    const first = ticket.progressBeyond(0);
    await vi.advanceTimersByTimeAsync(10);
    await expect(first).resolves.toBe(1);
    const last = ticket.progressBeyond(2);
    await vi.advanceTimersByTimeAsync(10);
    await expect(last).resolves.toBe(2);
  });

  test('without real time everything of one turn of the event loop is one batch', async () => {
    const loop = openLoop(Infinity);
    const tickets = [submit(loop, 3), submit(loop, 3), submit(loop, 3)];
    await vi.runAllTimersAsync();
    await Promise.all(tickets.map((ticket) => ticket.ended()));
    expect([loop.engine.peakRunning, loop.engine.running]).toEqual([2, 0]);
    expect(tickets.map(({ sequence }) => sequence.finishedAtMs)).toEqual([30, 30, 60]);
  });

  test('a stopped loop has aborted everything, holds no timer and takes nothing more', async () => {
    const loop = openLoop(1);
    const ticket = submit(loop, 100);
    loop.stop();
    await expect(ticket.ended()).resolves.toBe('aborted');
    expect(vi.getTimerCount()).toBe(0);
    expect(loop.hasRoomFor(1)).toBe(false);
  });

  test('after a reset admitted is still the sum of what became of the requests', async () => {
    const loop = openLoop(1);
    submit(loop, 1);
    await vi.advanceTimersByTimeAsync(10);
    submit(loop, 5);
    loop.resetCounters();
    expect([loop.meter.admitted, loop.meter.completed]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(50);
    expect([loop.meter.admitted, loop.meter.completed]).toEqual([1, 1]);
  });
});
