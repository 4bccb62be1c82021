import { array, assert, constantFrom, integer, property, record, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOB_CLASSES } from '../../job/state.ts';
import { snapshots } from '../any-snapshot.fixtures.ts';
import { aBackend, aJob, aLane, aSnapshot, tenantId } from '../snapshot.fixtures.ts';
import type { LaneView, Snapshot } from '../snapshot.ts';
import { backlogOf, localMs, shortestMs } from './forecasts.fixtures.ts';
import { forecastGroups, openForecasts } from './forecasts.ts';

const RUNS = { numRuns: 300 };
const CLOSE = 1e-6;

/** Any lane of a snapshot that some local backend works for. */
const anyLane = snapshots
  .map((snapshot) => {
    const forecasts = openForecasts(snapshot);
    const works = ({ modelGroup }: LaneView): boolean => forecasts.poolOf(modelGroup).working > 0;
    return { snapshot, lanes: snapshot.lanes.filter(works) };
  })
  .filter(({ lanes }) => lanes.length > 0)
  .chain(({ snapshot, lanes }) => constantFrom(...lanes).map((lane) => ({ snapshot, lane })));

const weightOf = ({ tenants }: Snapshot, lane: LaneView): number => tenants.get(lane.tenantId)?.weight ?? 1;

describe('how long local hardware will take', () => {
  test('never less for a job further back in its lane, nor for the same one with more work in front of it', () => {
    assert(
      property(
        anyLane,
        integer({ min: 0, max: 60 }),
        integer({ min: 0, max: 60 }),
        ({ snapshot, lane }, a, b) => {
          const forecasts = openForecasts(snapshot);
          const [job] = lane.head;
          if (job === undefined) return;
          const at = (before: number): number => localMs(forecasts, lane, job, before);
          expect(at(a + b)).toBeGreaterThanOrEqual(at(a));
          expect(at(a)).toBeGreaterThan(0);
          expect(localMs(forecasts, lane, job, a, 1000)).toBeLessThanOrEqual(at(a));
        },
      ),
      RUNS,
    );
  });

  test('never less for a less urgent class, nor for what is not pinned', () => {
    assert(
      property(anyLane, integer({ min: 0, max: 60 }), ({ snapshot, lane }, before) => {
        const backlog = backlogOf(snapshot, lane);
        const works = JOB_CLASSES.map((jobClass) => backlog.workAhead(lane, before, jobClass));
        // A promoted job meets the class above as the first of its lane does: compare those.
        const first = JOB_CLASSES.map((jobClass) => backlog.workAhead(lane, 0, jobClass));
        expect(first).toEqual(first.toSorted((a, b) => a - b));
        expect(Math.min(...works)).toBeGreaterThanOrEqual(0);
        const pinned = backlog.workAhead({ ...lane, pinned: true }, 0, lane.jobClass);
        expect(pinned).toBeLessThanOrEqual(backlog.workAhead({ ...lane, pinned: false }, 0, lane.jobClass));
      }),
      RUNS,
    );
  });

  test('is at least what the job takes alone, beside a full batch', () => {
    assert(
      property(anyLane, ({ snapshot, lane }) => {
        const forecasts = openForecasts(snapshot);
        const [job] = lane.head;
        if (job === undefined) return;
        expect(localMs(forecasts, lane, job)).toBeGreaterThanOrEqual(
          shortestMs(forecasts, lane, job) - CLOSE,
        );
      }),
      RUNS,
    );
  });

  test('is told of every group with a backend that works, and is never less than nothing', () => {
    assert(
      property(snapshots, (snapshot) => {
        for (const { jobMs, residenceMs } of forecastGroups(snapshot, openForecasts(snapshot))) {
          expect(jobMs).toBeGreaterThanOrEqual(0);
          expect(residenceMs).toBeGreaterThan(0);
          expect(jobMs + residenceMs).toBeLessThan(Infinity);
        }
      }),
      RUNS,
    );
  });
});

describe('the fair share of a tenant in what is foretold', () => {
  const depths = integer({ min: 1, max: 5000 });
  const crowds = record({
    own: tuple(integer({ min: 0, max: 50 }), constantFrom(1, 2, 10)),
    others: array(tuple(depths, constantFrom(1, 2, 10)), { maxLength: 30 }),
  }).map(({ own: [before, weight], others }) => {
    const lane = aLane([aJob(1)], { tenantId: tenantId('own'), depth: 51, inputTokens: 51 * 100 });
    const lanes = others.map(([depth], index) =>
      aLane([], { tenantId: tenantId(`t-${index}`), depth, inputTokens: depth * 100 }),
    );
    const tenants = new Map(
      [weight, ...others.map(([, one]) => one)].map((one, index) => [
        tenantId(index === 0 ? 'own' : `t-${index - 1}`),
        { weight: one, virtualTokens: 0 },
      ]),
    );
    return { before, lane, snapshot: aSnapshot([aBackend('gpu-0')], [lane, ...lanes], { tenants }) };
  });

  test('others delay it by no more than their weight beside its own, however much they have waiting', () => {
    assert(
      property(crowds, ({ before, lane, snapshot }) => {
        const together = backlogOf(snapshot, lane);
        const alone = backlogOf({ ...snapshot, lanes: [lane] }, lane);
        const ownMs = alone.workAhead(lane, before, lane.jobClass);
        const weights = snapshot.lanes.reduce((sum, one) => sum + weightOf(snapshot, one), 0);
        const bound = (ownMs * weights) / weightOf(snapshot, lane);
        expect(together.workAhead(lane, before, lane.jobClass)).toBeLessThanOrEqual(bound + CLOSE);
      }),
      RUNS,
    );
  });

  test('nothing that waits is counted twice: never more than all of it', () => {
    assert(
      property(anyLane, integer({ min: 0, max: 60 }), ({ snapshot, lane }, before) => {
        const backlog = backlogOf(snapshot, lane);
        const all = JOB_CLASSES.reduce((sum, jobClass) => sum + backlog.workOf(jobClass), 0);
        const within = Math.min(before, lane.depth);
        expect(backlog.workAhead(lane, within, lane.jobClass)).toBeLessThanOrEqual(all + CLOSE);
      }),
      RUNS,
    );
  });
});
