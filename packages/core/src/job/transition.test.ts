import { describe, expect, test } from 'vitest';
import { EVENTS, type EventName, FENCE, LIVES, NOW_MS } from './life.fixtures.ts';
import { isTerminal, JOB_STATE_KINDS, type JobStateKind } from './state.ts';
import { type JobEvent, transition } from './transition.ts';

/** Where each event leads from each state; what is not named is illegal. */
const LEADS_TO: Readonly<Record<EventName, Partial<Record<JobStateKind, JobStateKind>>>> = {
  dispatched: { queued: 'dispatched' },
  claimed: { dispatched: 'running' },
  'claimed with an older fence': {},
  'claimed with a newer fence': {},
  completed: { running: 'completed' },
  'completed with an older fence': {},
  'failed, to be retried': { running: 'queued' },
  'failed for good': { running: 'failed' },
  'failed with an older fence': {},
  crashed: { running: 'queued' },
  'crashed once too often': { running: 'failed' },
  'crashed with an older fence': {},
  rescued: { dispatched: 'queued', running: 'queued' },
  'rescued once too often': { dispatched: 'queued', running: 'failed' },
  'rescued from a worker that lives': { dispatched: 'queued', running: 'queued' },
  'cancel requested': { queued: 'cancelled', dispatched: 'cancelled', running: 'cancelled' },
  // each of these lives has an attempt behind it
  'clock to start expired': {},
  'deadline expired': { queued: 'expired', dispatched: 'expired', running: 'expired' },
  'found unservable': { queued: 'failed' },
};

const events = Object.keys(EVENTS) as readonly EventName[];
const everyMove = JOB_STATE_KINDS.flatMap((from) => events.map((event) => ({ from, event })));

/** The job after the event; an illegal one is a failure of the test. */
function after(from: JobStateKind, event: JobEvent) {
  const moved = transition(LIVES[from], event);
  if (!moved.ok) throw new Error(`illegal: ${moved.error.event} from ${moved.error.from}`);
  return moved.value;
}

describe('transition', () => {
  test.each(everyMove)('$from, $event', ({ from, event }) => {
    const moved = transition(LIVES[from], EVENTS[event]);
    const illegal = { kind: 'illegal-transition', from, event: EVENTS[event].kind };
    expect(moved.ok ? moved.value.state.kind : moved.error).toEqual(LEADS_TO[event][from] ?? illegal);
  });

  test.each(JOB_STATE_KINDS.filter(isTerminal))('nothing follows %s', (from) => {
    expect(events.filter((event) => transition(LIVES[from], EVENTS[event]).ok)).toEqual([]);
  });

  test('only a dispatch raises the fence, only a claim counts an attempt, only a death counts a rescue', () => {
    const counted = everyMove.flatMap(({ from, event }) => {
      const moved = transition(LIVES[from], EVENTS[event]);
      if (!moved.ok) return [];
      const { fence, attempts, rescues } = moved.value;
      const [raised, claimed, died] = [fence - FENCE, attempts - 1, rescues - 1];
      return raised + claimed + died === 0 ? [] : [[from, event, raised, claimed, died]];
    });
    expect(counted).toEqual([
      ['queued', 'dispatched', 1, 0, 0],
      ['dispatched', 'claimed', 0, 1, 0],
      ['running', 'crashed', 0, 0, 1],
      ['running', 'crashed once too often', 0, 0, 1],
      ['running', 'rescued', 0, 0, 1],
      ['running', 'rescued once too often', 0, 0, 1],
    ]);
  });

  test('a retry is not dispatched before its time', () => {
    const waiting = { ...LIVES.queued, state: { kind: 'queued', availableAtMs: NOW_MS + 1 } } as const;
    expect(transition(waiting, EVENTS.dispatched).ok).toBe(false);
    expect(transition(waiting, { ...EVENTS.dispatched, atMs: NOW_MS + 1 }).ok).toBe(true);
  });

  test('each state carries what is true in it, and the backend follows the job', () => {
    expect(after('queued', EVENTS.dispatched).state).toEqual({
      kind: 'dispatched',
      backendId: 'gpu-0',
      dispatchedAtMs: NOW_MS,
    });
    expect(after('dispatched', EVENTS.claimed).state).toEqual({
      kind: 'running',
      backendId: 'gpu-0',
      workerId: EVENTS.claimed.workerId,
      startedAtMs: NOW_MS,
    });
    expect(after('running', EVENTS.completed).state).toEqual({
      kind: 'completed',
      backendId: 'gpu-0',
      finishedAtMs: NOW_MS,
    });
    expect(after('running', EVENTS['failed, to be retried']).state).toEqual({
      kind: 'queued',
      availableAtMs: 1500,
    });
    expect(after('running', EVENTS['failed for good']).state).toEqual({
      kind: 'failed',
      finishedAtMs: NOW_MS,
      reason: EVENTS['failed for good'].reason,
    });
    expect(after('queued', EVENTS['deadline expired']).state).toEqual({
      kind: 'expired',
      finishedAtMs: NOW_MS,
      clock: 'deadline',
    });
    expect(after('queued', EVENTS['found unservable']).state).toEqual({
      kind: 'failed',
      finishedAtMs: NOW_MS,
      reason: { kind: 'unservable', detail: 'too long' },
    });
  });

  test.each(['queued', 'dispatched'] as const)('the clock to start ends a %s job that never ran', (state) => {
    const fresh = { ...LIVES[state], attempts: 0 };
    expect(transition(fresh, EVENTS['clock to start expired'])).toEqual({
      ok: true,
      value: { ...fresh, state: { kind: 'expired', finishedAtMs: NOW_MS, clock: 'start' } },
    });
  });

  test('a rescued job may be dispatched at once', () => {
    expect(after('running', EVENTS.rescued).state).toEqual({ kind: 'queued', availableAtMs: NOW_MS });
    expect(after('dispatched', EVENTS.rescued).state).toEqual({ kind: 'queued', availableAtMs: NOW_MS });
  });

  test('a job that kills its workers is given up, and says after how many', () => {
    expect(after('running', EVENTS['rescued once too often']).state).toEqual({
      kind: 'failed',
      finishedAtMs: NOW_MS,
      reason: { kind: 'worker-lost', detail: '2 workers or engines died while they ran this job' },
    });
  });

  test('a job whose engine died waits before its next attempt, and is given up for that once it was too often', () => {
    expect(after('running', EVENTS.crashed).state).toEqual({ kind: 'queued', availableAtMs: 1500 });
    expect(after('running', EVENTS['crashed once too often']).state).toEqual({
      kind: 'failed',
      finishedAtMs: NOW_MS,
      reason: EVENTS['crashed once too often'].reason,
    });
  });

  test('an event nobody knows is a bug, not an illegal move', () => {
    const unknown: unknown = { kind: 'paused' };
    expect(() => transition(LIVES.queued, unknown as JobEvent)).toThrow('paused');
  });
});
