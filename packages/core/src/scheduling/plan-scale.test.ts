import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../backend/inference-backend.ts';
import { RTX_4090 } from '../prediction/engine-profile.ts';
import { plan } from './plan.ts';
import { aBackend, aCloud, aJob, aLane, aSnapshot, NOW_MS, tenantId } from './snapshot.fixtures.ts';
import type { BackendView, LaneView } from './snapshot.ts';

const LANES = 1000;
const BACKENDS = 50;
const SLOTS = 4;

/** The endpoints a backend serves, counting who asks: the first filter does, once for each job it is asked about. */
function countedEndpoints() {
  let asked = 0;
  const endpoints: Endpoint[] = ['/v1/chat/completions'];
  return {
    asked: () => asked,
    endpoints: Object.assign([...endpoints], {
      includes: (endpoint: Endpoint): boolean => {
        asked += 1;
        return endpoints.includes(endpoint);
      },
    }) as readonly Endpoint[],
  };
}

/** One lane for each of a thousand tenants. */
const lanesOf = (headLength: number, depth: number): readonly LaneView[] =>
  Array.from({ length: LANES }, (_, index) =>
    aLane(
      Array.from({ length: headLength }, (_one, number) =>
        aJob(1 + index * headLength + number, { deadlineAtMs: NOW_MS + 3_600_000 }),
      ),
      { tenantId: tenantId(`t-${index}`), depth, inputTokens: depth * 100 },
    ),
  );

/** A plan over so many backends: what it decided, and how often the filters were asked. */
function planned(
  lanes: readonly LaneView[],
  backendsOf: (endpoints: readonly Endpoint[]) => readonly BackendView[],
) {
  const { asked, endpoints } = countedEndpoints();
  const result = plan(aSnapshot(backendsOf(endpoints), lanes));
  const dealt = new Set([...result.assignments, ...result.holds].map(({ lane }) => lane.key));
  return { ...result, asked: asked(), dealt: dealt.size };
}

const profile = { ...RTX_4090, samples: 100 };
const gpus =
  (held: number) =>
  (endpoints: readonly Endpoint[]): readonly BackendView[] =>
    Array.from({ length: BACKENDS }, (_, index) =>
      aBackend(`gpu-${String(index).padStart(2, '0')}`, { profile, endpoints, slots: SLOTS, held }),
    );

/** One backend, with a job on its last chance. */
const withSuspect = (endpoints: readonly Endpoint[]) => [
  aBackend('gpu-0', { profile, endpoints, held: 1, suspects: 1 }),
];

describe('a plan over a thousand lanes', () => {
  test('deals with every lane, and asks each backend about a job at most once for each that is assigned', () => {
    const { assignments, holds, dealt, asked } = planned(lanesOf(4, 4), gpus(0));
    expect(assignments).toHaveLength(BACKENDS * SLOTS);
    // The first job of each lane that stays, also of those that gave one.
    expect(holds).toHaveLength(LANES);
    expect(dealt).toBe(LANES);
    // Once no room is left, only overflow asks, of each job: could any local backend ever run it?
    expect(asked).toBeLessThanOrEqual(assignments.length * BACKENDS + assignments.length + holds.length);
  });

  test('costs no more with a hundred times the backlog, nor with longer heads', () => {
    const { asked } = planned(lanesOf(4, 4), gpus(0));
    expect(planned(lanesOf(4, 400_000), gpus(0)).asked).toBe(asked);
    expect(planned(lanesOf(40, 400), gpus(0)).asked).toBe(asked);
  });

  test('asks the filters about nobody while no backend has room, and still says why each lane waits', () => {
    const { assignments, holds, asked } = planned(lanesOf(4, 4), gpus(SLOTS));
    expect(assignments).toEqual([]);
    expect(holds).toHaveLength(LANES);
    expect(asked).toBeLessThanOrEqual(LANES);
    expect(holds[LANES - 1]?.explanation.candidates).toHaveLength(BACKENDS);
  });

  test('room that is kept for pinned jobs which are due is asked for once, not by every lane', () => {
    const pinnedDue = { atMs: NOW_MS + 1000, tenantId: tenantId('pins') };
    const { assignments, asked } = planned(lanesOf(4, 4), (endpoints) =>
      gpus(0)(endpoints).map((gpu) => ({ ...gpu, pinnedDue })),
    );
    expect(assignments).toEqual([]);
    // And by overflow, of each job: could any local backend ever run it?
    expect(asked).toBeLessThanOrEqual(BACKENDS + 2 * LANES);
  });

  test('a job kept from every backend by itself costs its lane a bounded look, however long the lane', () => {
    const head = Array.from({ length: 128 }, (_, index) => aJob(1 + index, { rescues: 2 }));
    const { asked, holds } = planned([aLane(head)], withSuspect);
    expect(holds).toHaveLength(1);
    // By the filters, and by overflow: could any local backend ever run it?
    expect(asked).toBeLessThanOrEqual(2 * head.length);
  });

  test('jobs that would be in time at home cost no look at the cloud', () => {
    const { asked } = planned(lanesOf(2, 2).slice(0, 10), (endpoints) => [
      ...gpus(0)([...endpoints]),
      aCloud('cloud-0', { endpoints }),
    ]);
    // Two jobs in each of ten lanes: the record of each names the cloud, and says what it would have cost.
    expect(asked).toBeLessThanOrEqual(20 * 3);
  });
});
