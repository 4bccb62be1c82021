import { BURST_CREDIT, DEFAULT_POLICY, type JobView, type LaneView, type TenantId } from '@spillway/core';
import type { NewJob, StoreSnapshot } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { placeJob } from './place-job.ts';
import { acme, aConfig, aJob, aLane, aNewJob, aStore, MODEL, NOW_MS } from './testing/index.ts';

const place = (job: NewJob, store: StoreSnapshot, config = aConfig()) => placeJob(job, store, config);
/** Waiting jobs that are due at these instants from now. */
const due = (...inMs: readonly number[]): readonly JobView[] =>
  inMs.map((ms, index) => aJob(index, { submittedAtMs: NOW_MS, deadlineAtMs: NOW_MS + ms }));
const waits = (tenantId: TenantId): LaneView => aLane(due(1000), { key: tenantId, tenantId });
/** What the tenant of a placed job counts for. */
const counterIn = (lanes: readonly LaneView[], counters: Readonly<Record<string, number>>) => {
  const virtualTokens = new Map(Object.entries(counters).map(([id, counter]) => [id as TenantId, counter]));
  return place(aNewJob(), aStore({ lanes, virtualTokens })).store.virtualTokens.get(acme);
};

describe('a job that is not there', () => {
  test('stands in its lane by its deadline, and the lane is longer by it', () => {
    const lane = aLane(due(10_000, 30_000));
    const { ahead, lane: joined, job } = place(aNewJob({ deadlineMs: 20_000 }), aStore({ lanes: [lane] }));
    expect(ahead).toBe(1);
    expect(joined).toMatchObject({ depth: 3, inputTokens: lane.inputTokens + job.inputTokens });
    expect(joined.head.map(({ id }) => id)).toEqual([aJob(0).id, job.id, aJob(1).id]);
  });

  test('is due when it has waited as long as its class may, if that comes before its deadline', () => {
    const late = DEFAULT_POLICY.maxWaitMs.standard + 60_000;
    const lane = aLane(due(DEFAULT_POLICY.maxWaitMs.standard - 1, late));
    expect(place(aNewJob({ deadlineMs: 2 * late }), aStore({ lanes: [lane] })).ahead).toBe(2);
  });

  test('opens a lane that was not there', () => {
    const { lane, store, ahead, position } = place(aNewJob(), aStore());
    expect([ahead, position]).toEqual([0, 1]);
    expect(store.lanes).toEqual([lane]);
    expect(lane.key).toBe(`standard:${MODEL}:acme:open`);
  });

  test('behind the head of a long lane it is told the most that may be before it, and is looked at', () => {
    const lane = aLane(due(10, 20), { depth: 500 });
    const { ahead, store, job } = place(aNewJob(), aStore({ lanes: [lane] }));
    expect(ahead).toBe(500);
    expect(store.lanes[0]?.head).toHaveLength(2);
    expect(store.fresh).toEqual([{ laneKey: lane.key, job, ahead: 500 }]);
  });

  test('of batch class, or pinned, it is not looked at behind the head: a plan would not either', () => {
    for (const changes of [{ jobClass: 'batch' }, { pinned: true }] as const) {
      const name = {
        jobClass: 'standard',
        modelGroup: MODEL,
        tenantId: acme,
        pinned: false,
        ...changes,
      } as const;
      const key = `${name.jobClass}:${MODEL}:acme:${name.pinned ? 'pinned' : 'open'}`;
      const lane = aLane(due(10), { ...name, key, depth: 9 });
      expect(place(aNewJob({ lane: name }), aStore({ lanes: [lane] })).store.fresh).toEqual([]);
      const { fresh } = place(aNewJob({ lane: name, cloudAtOnce: true }), aStore({ lanes: [lane] })).store;
      expect(fresh.length, 'batch work that may use the cloud at once is').toBe(Number(!name.pinned));
    }
  });

  test('its place counts more urgent classes whole, other tenants by weight, and no other model', () => {
    const lanes = [
      aLane(due(1000, 90_000), { depth: 3 }),
      aLane(due(1, 2), { key: 'i', jobClass: 'interactive', depth: 40 }),
      aLane(due(1000, 90_000), { key: 'p', pinned: true, depth: 5 }),
      aLane(due(1000, 90_000), { key: 'heavy', tenantId: 'heavy' as TenantId, depth: 100 }),
      aLane(due(1000), { key: 'light', tenantId: 'light' as TenantId, depth: 1 }),
      aLane(due(1, 2), { key: 'b', jobClass: 'batch', depth: 70 }),
      aLane(due(1), { key: 'm', modelGroup: 'another-model' }),
    ];
    const config = aConfig({ tenants: { heavy: { weight: 3 } } });
    // one of its own, forty urgent ones, five pinned ones, 3 for each of two of its own, and the one of the light tenant
    const { position } = place(aNewJob({ deadlineMs: 5000 }), aStore({ lanes }), config);
    expect(position).toBe(1 + 1 + 40 + 5 + 6 + 1);
  });

  test('pinned it goes before what is not', () => {
    const lane = { jobClass: 'standard', modelGroup: MODEL, tenantId: acme, pinned: true } as const;
    expect(place(aNewJob({ lane }), aStore({ lanes: [aLane(due(1, 2))] })).position).toBe(1);
  });

  describe('the counter of its tenant', () => {
    const other = 'other' as TenantId;
    const another = 'another' as TenantId;

    test('begins a credit below the one to be served next where nothing of it waited', () => {
      const counters = { other: BURST_CREDIT + 700, another: BURST_CREDIT + 9000 };
      expect(counterIn([waits(other), waits(another)], counters)).toBe(700);
    });

    test('never begins below 0, nor below what it was charged', () => {
      expect(counterIn([waits(other)], { other: 700 })).toBe(0);
      expect(counterIn([waits(other)], { other: BURST_CREDIT + 700, acme: 900 })).toBe(900);
    });

    test('does not begin with those of whom nothing waits', () => {
      const counters = { other: BURST_CREDIT + 700, another: 5 };
      expect(counterIn([waits(other)], counters)).toBe(700);
    });

    test('stays as it is where something of it waits, in this lane or in another', () => {
      const counters = { other: BURST_CREDIT + 700, acme: 5 };
      expect(counterIn([waits(other), aLane(due(1000))], counters)).toBe(5);
      expect(counterIn([waits(other), waits(acme)], counters)).toBe(5);
    });

    test('stays as it is where nobody waits', () => {
      expect(counterIn([], { acme: 5 })).toBe(5);
    });
  });
});
