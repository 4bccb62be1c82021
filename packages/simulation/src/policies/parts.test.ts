import type { BackendId, BackendView, JobId, JobView, Snapshot, TenantId } from '@spillway/core';
import { DEFAULT_POLICY, NO_PREFIXES } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { overflowsSince } from './overflow-rule.ts';
import { boundedHashing, roundRobin, timeCost, weightedSum } from './placement.ts';
import type { World } from './policy.ts';
import { RequestCap } from './request-cap.ts';
import { openRoom } from './room.ts';
import { ServiceCounters } from './service-counters.ts';

const a = 'a' as TenantId;
const b = 'b' as TenantId;

const world = (own: Partial<World> = {}): World => ({
  loadOf: () => ({ running: 0, waiting: 0, kvUsed: 0 }),
  heldBy: () => [],
  outputOf: () => 10,
  waitingOf: () => 0,
  random: () => 0,
  ...own,
});

const jobOf = (id: string, own: Partial<JobView> = {}): JobView => ({
  id: id as JobId,
  fence: 0,
  endpoint: '/v1/chat/completions',
  strategy: 'auto',
  task: 'chat',
  submittedAtMs: 0,
  queuedAtMs: 0,
  deadlineAtMs: 1000,
  inputTokens: 100,
  outputTokens: 100,
  prefix: [],
  rescues: 0,
  excluded: [],
  ...own,
});

const backendOf = (id: string, own: Partial<BackendView> = {}): BackendView => ({
  id: id as BackendId,
  location: 'local',
  models: ['default'],
  endpoints: ['/v1/chat/completions'],
  health: { kind: 'up' },
  slots: 10,
  held: 0,
  heldTokens: 0,
  suspects: 0,
  coolingUntilMs: 0,
  ...own,
});

const snapshotOf = (own: Partial<Snapshot> = {}): Snapshot => ({
  nowMs: 0,
  backends: [],
  lanes: [],
  fresh: [],
  tenants: new Map(),
  modelGroups: new Map(),
  outputLengths: new Map(),
  prefixes: NO_PREFIXES,
  budgets: [],
  overflowing: new Map(),
  policy: DEFAULT_POLICY,
  ...own,
});

describe('overflow by depth', () => {
  test('begins above one mark, and ends below the other once it has lasted', () => {
    const rule = { enter: 40, leave: 10, dwellMs: 1000 };
    expect(overflowsSince(rule, 40, undefined, 5)).toBeUndefined();
    expect(overflowsSince(rule, 41, undefined, 5)).toBe(5);
    expect(overflowsSince(rule, 10, 5, 5000)).toBe(5);
    expect(overflowsSince(rule, 9, 5, 900)).toBe(5);
    expect(overflowsSince(rule, 9, 5, 1005)).toBeUndefined();
  });

  test('without hysteresis it lasts while the mark is passed', () => {
    const rule = { enter: 20, leave: 20, dwellMs: 0 };
    expect(overflowsSince(rule, 21, 5, 6)).toBe(5);
    expect(overflowsSince(rule, 20, 5, 6)).toBeUndefined();
  });
});

test('a tenant has so many requests in any minute; those refused do not count', () => {
  const cap = new RequestCap(2);
  const answers = [0, 10_000, 20_000, 60_001, 60_002, 70_001].map((atMs) => cap.allows(a, atMs));
  expect(answers).toEqual([true, true, false, true, false, true]);
  expect(cap.allows(b, 20_000)).toBe(true);
});

describe('ServiceCounters', () => {
  test('count prompts at dispatch and answers as they are generated, twice', () => {
    const held = [{ id: 'job' as JobId, tenantId: a, inputTokens: 100, generated: 7, outputTokens: 50 }];
    const counters = new ServiceCounters(world({ heldBy: () => held }), 'as-generated', true);
    counters.arrive(a);
    counters.dispatched(a, jobOf('job'));
    counters.look(['gpu' as BackendId]);
    expect(counters.of(a)).toBe(114);
    counters.settle(a, 'job' as JobId, 50);
    held.length = 0;
    counters.look(['gpu' as BackendId]);
    expect(counters.of(a)).toBe(200);
  });

  test('an oracle charges the whole job at dispatch; a prediction is corrected at the end', () => {
    const oracle = new ServiceCounters(world(), 'oracle', true);
    const predicted = new ServiceCounters(world(), 'predicted', true);
    for (const counters of [oracle, predicted]) counters.dispatched(a, jobOf('job'));
    expect([oracle.of(a), predicted.of(a)]).toEqual([120, 100]);
    for (const counters of [oracle, predicted]) counters.settle(a, 'job' as JobId, 10);
    expect([oracle.of(a), predicted.of(a)]).toEqual([120, 120]);
    predicted.dispatched(a, jobOf('next'));
    expect(predicted.of(a)).toBe(240);
    predicted.settle(a, 'next' as JobId, 15);
    expect(predicted.of(a)).toBe(250);
  });

  test('with lift a tenant begins with the least of those that wait; without it, with what it had', () => {
    for (const [lift, expected] of [
      [true, 120],
      [false, 0],
    ] as const) {
      const counters = new ServiceCounters(world({ waitingOf: (id) => (id === a ? 1 : 0) }), 'oracle', lift);
      counters.arrive(a);
      counters.dispatched(a, jobOf('job'));
      counters.arrive(b);
      counters.look([]);
      expect(counters.of(b)).toBe(expected);
    }
  });
});

describe('room by the peak', () => {
  test('is what the KV cache will hold at its fullest: one ends before the other needs all', () => {
    const lengths: Readonly<Record<string, number>> = { short: 11, long: 101 };
    const kv = world({ outputOf: (id) => lengths[id] ?? 0 });
    const [short, long] = [jobOf('short'), jobOf('long')];
    const take = (kvCapacityTokens: number): boolean => {
      const backend = backendOf('gpu', { kvCapacityTokens });
      const room = openRoom(kv, 'peak');
      room.take(backend, long);
      return room.hasFor(backend, short);
    };
    // when `short` ends: 101 + 10 of the one, 101 + 10 of the other
    expect([take(222), take(223)]).toEqual([false, true]);
  });

  test('slots count what this round gave away', () => {
    const backend = backendOf('gpu', { slots: 2, held: 1 });
    const room = openRoom(world(), 'slots');
    expect(room.hasFor(backend, jobOf('one'))).toBe(true);
    room.take(backend, jobOf('one'));
    expect([room.hasFor(backend, jobOf('two')), room.withTaken(backend).held]).toEqual([false, 2]);
  });
});

describe('placement', () => {
  const backends = ['x', 'y', 'z'].map((id) => backendOf(id));

  test('round robin gives each its turn', () => {
    const placement = roundRobin();
    const chosen = Array.from(
      { length: 4 },
      () => placement.choose(jobOf('job'), backends, snapshotOf())?.id,
    );
    expect(chosen).toEqual(['x', 'y', 'z', 'x']);
  });

  test('bounded hashing keeps a prefix where it was until that one holds a quarter more than its share', () => {
    const placement = boundedHashing();
    const home = placement.choose(jobOf('job', { prefix: [5, 6, 7] }), backends, snapshotOf())?.id;
    expect(placement.choose(jobOf('other', { prefix: [5, 6, 99] }), backends, snapshotOf())?.id).toBe(home);
    const full = backends.map((backend) =>
      backend.id === home ? { ...backend, held: 5 } : { ...backend, held: 2 },
    );
    expect(placement.choose(jobOf('job', { prefix: [5, 6, 7] }), full, snapshotOf())?.id).not.toBe(home);
    const spread = Array.from({ length: 300 }, (_, at) =>
      placement.choose(jobOf('job', { prefix: [at, 1] }), backends, snapshotOf()),
    );
    for (const { id } of backends)
      expect(spread.filter((backend) => backend?.id === id).length).toBeGreaterThan(50);
  });

  test('the weighted sum goes after the prefix until queue and cache speak against it', () => {
    const prefixes = { matchedBlocks: (id: BackendId) => (id === 'y' ? 2 : 0) };
    const job = jobOf('job', { prefix: [1, 2] });
    const idle = weightedSum(world());
    expect(idle.choose(job, backends, snapshotOf({ prefixes }))?.id).toBe('y');
    const busy = weightedSum(
      world({
        loadOf: (id) => ({ running: 0, waiting: id === 'y' ? 9 : 0, kvUsed: id === 'y' ? 0.9 : 0.1 }),
      }),
    );
    expect(busy.choose(job, backends, snapshotOf({ prefixes }))?.id).toBe('x');
  });

  test('time cost weighs prompts in front against what is cached', () => {
    const profile = {
      baseMs: 0,
      perSequenceMs: 0,
      perPrefillTokenMs: 1,
      prefillFactor: 1,
      decodeFactor: 1,
      samples: 1,
    };
    const of = (prefillBusyUntilMs: number) =>
      backends.map((backend) => ({
        ...backend,
        profile,
        ...(backend.id === 'y' ? { prefillBusyUntilMs } : {}),
      }));
    const prefixes = { matchedBlocks: (id: BackendId) => (id === 'y' ? 2 : 0) };
    const job = jobOf('job', { inputTokens: 2000, prefix: [1, 2] });
    expect(timeCost.choose(job, of(1000), snapshotOf({ prefixes }))?.id).toBe('y');
    expect(timeCost.choose(job, of(1100), snapshotOf({ prefixes }))?.id).toBe('x');
  });
});
