import {
  array,
  assert,
  boolean,
  constantFrom,
  integer,
  option,
  property,
  record,
  shuffledSubarray,
  subarray,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENDPOINTS } from '../backend/inference-backend.ts';
import { JOB_CLASSES } from '../job/state.ts';
import { tokensOf } from './capacity.ts';
import { plan, type Plan } from './plan.ts';
import { aBackend, aJob, aLane, aSnapshot, backendId, NOW_MS, tenantId } from './snapshot.fixtures.ts';
import {
  type BackendHealth,
  type BackendView,
  DEFAULT_POLICY,
  type JobView,
  type LaneView,
  type Snapshot,
} from './snapshot.ts';

const MODELS = ['small', 'large', 'cloud'] as const;
const GROUPS = new Map([
  ['small', ['small']],
  ['best', ['large', 'small', 'cloud']],
  ['cloud', ['cloud']],
  ['forgotten', []],
]);
const BACKENDS = ['b-0', 'b-1', 'b-2', 'b-3'] as const;
const RUNS = { numRuns: 400 };

const healths: Arbitrary<BackendHealth> = constantFrom(
  { kind: 'up' },
  { kind: 'up' },
  { kind: 'down', forMs: 5000, because: 'no heartbeat' },
  { kind: 'down', forMs: 60_000, because: 'no heartbeat' },
);

const backends: Arbitrary<BackendView> = record({
  location: constantFrom('local', 'local', 'cloud'),
  models: subarray([...MODELS], { minLength: 1 }),
  endpoints: subarray([...ENDPOINTS], { minLength: 1 }),
  health: healths,
  slots: integer({ min: 0, max: 5 }),
  held: integer({ min: 0, max: 6 }),
  heldTokens: integer({ min: 0, max: 3000 }),
  suspects: constantFrom(0, 0, 0, 1),
  coolingUntilMs: constantFrom(0, 0, 0, NOW_MS + 1000),
  limits: record({
    kvCapacityTokens: constantFrom(500, 2000, 10_000),
    contextTokens: constantFrom(400, 4096),
    price: record({
      inputUsdPerMillion: integer({ max: 10, min: 0 }),
      outputUsdPerMillion: constantFrom(1, 5),
    }),
  }).chain((all) =>
    subarray(['kvCapacityTokens', 'contextTokens', 'price'] as const).map((kept) =>
      Object.fromEntries(kept.map((name) => [name, all[name]])),
    ),
  ),
}).map(({ limits, ...backend }) =>
  aBackend('', { ...backend, ...limits, heldTokens: backend.held === 0 ? 0 : backend.heldTokens }),
);

const jobViews: Arbitrary<Partial<JobView>> = record({
  endpoint: constantFrom(...ENDPOINTS),
  strategy: constantFrom('auto', 'auto', 'self_hosted_only', 'cloud_only'),
  deadlineAtMs: integer({ min: NOW_MS, max: NOW_MS + 3 }),
  inputTokens: constantFrom(10, 100, 1000, 20_000),
  outputTokens: constantFrom(0, 50, 400),
  rescues: constantFrom(0, 0, 1, 2),
  excluded: subarray(BACKENDS.map(backendId), { maxLength: 2 }),
});

const laneViews = record({
  jobClass: constantFrom(...JOB_CLASSES),
  modelGroup: constantFrom(...GROUPS.keys()),
  tenantId: constantFrom(tenantId('t-0'), tenantId('t-1'), tenantId('t-2')),
  pinned: boolean(),
  behind: constantFrom(0, 0, 5, 50),
  head: array(jobViews, { minLength: 1, maxLength: 6 }),
});

const snapshots: Arbitrary<Snapshot> = record({
  backends: array(backends, { maxLength: BACKENDS.length }),
  lanes: array(laneViews, { maxLength: 5 }),
  overflowing: subarray([...GROUPS.keys()]),
  weights: tuple(constantFrom(1, 2, 10), constantFrom(1, 2, 10)),
  charged: tuple(integer({ min: 0, max: 1000 }), integer({ min: 0, max: 1000 })),
  mode: constantFrom('depth', 'depth', 'off'),
  localDownAfterMs: option(constantFrom(20_000), { nil: 0 }),
}).map(({ backends: drawn, lanes, overflowing, weights, charged, mode, localDownAfterMs }) => {
  let number = 0;
  return aSnapshot(
    drawn.map((backend, index) => ({ ...backend, id: backendId(BACKENDS[index] ?? '') })),
    lanes.map(({ head, behind, ...lane }) =>
      aLane(
        head.map((job) => aJob((number += 1), job)),
        { ...lane, depth: head.length + behind },
      ),
    ),
    {
      modelGroups: GROUPS,
      overflowing: new Set(overflowing),
      tenants: new Map(
        weights.map((weight, index) => [
          tenantId(`t-${index}`),
          { weight, virtualTokens: charged[index] ?? 0 },
        ]),
      ),
      policy: { ...DEFAULT_POLICY, overflow: { mode, enter: 40, leave: 10, localDownAfterMs } },
    },
  );
});

/** A random snapshot and its plan: the counterexample, its seed and its path are printed when one fails. */
const everyPlan = (guarantee: (snapshot: Snapshot, result: Plan) => void): void =>
  assert(
    property(snapshots, (snapshot) => {
      guarantee(snapshot, plan(snapshot));
    }),
    RUNS,
  );

const locationOf = ({ backends: all }: Snapshot, id: string): string | undefined =>
  all.find((backend) => backend.id === id)?.location;

const inAnyOrder = ({ assignments }: Plan): readonly string[] =>
  assignments.map(({ job, backendId: id, explanation }) => `${job.id} ${id} ${explanation.rank}`).toSorted();

/** Each backend twice, under two ids: every score is a tie. */
const withTwins = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  backends: snapshot.backends.flatMap((backend) => [
    backend,
    { ...backend, id: backendId(`${backend.id}-twin`) },
  ]),
});

/** Whether nothing but the jobs it holds could keep the backend from this job. */
const isFreeFor = (backend: BackendView, lane: LaneView, job: JobView): boolean =>
  backend.location === 'local' &&
  backend.health.kind === 'up' &&
  backend.coolingUntilMs <= NOW_MS &&
  backend.held < backend.slots &&
  job.rescues < 2 &&
  backend.kvCapacityTokens === undefined &&
  (backend.contextTokens ?? Infinity) >= job.inputTokens * 1.05 + job.outputTokens &&
  backend.endpoints.includes(job.endpoint) &&
  job.strategy !== 'cloud_only' &&
  job.excluded.length === 0 &&
  (GROUPS.get(lane.modelGroup) ?? []).some((model) => backend.models.includes(model));

describe('every plan', () => {
  test('keeps pinned jobs off the cloud', () => {
    everyPlan((snapshot, { assignments }) => {
      for (const { lane, location, backendId: id } of assignments) {
        expect(location).toBe(locationOf(snapshot, id));
        expect(lane.pinned && location === 'cloud').toBe(false);
      }
    });
  });

  test('keeps self-hosted jobs off the cloud and cloud-only jobs off local hardware', () => {
    everyPlan((_snapshot, { assignments }) => {
      for (const { job, location } of assignments) {
        expect(`${job.strategy} ${location}`).not.toMatch(/self_hosted_only cloud|cloud_only local/);
      }
    });
  });

  test('gives no backend more than its free slots, nor promises more than its KV cache', () => {
    everyPlan((snapshot, { assignments }) => {
      for (const { id, slots, held, heldTokens, kvCapacityTokens = Infinity } of snapshot.backends) {
        const jobs = assignments.filter((assignment) => assignment.backendId === id).map(({ job }) => job);
        expect(jobs.length).toBeLessThanOrEqual(Math.max(0, slots - held));
        const promised = jobs.reduce((sum, job) => sum + tokensOf(job), heldTokens);
        // A job alone on an idle engine may take the whole cache: CONTEXT_FIT has seen that it fits.
        const limit = held + jobs.length > 1 ? kvCapacityTokens * 0.9 : kvCapacityTokens;
        expect(jobs.length === 0 || promised <= limit).toBe(true);
      }
    });
  });

  test('gives no backend a second job on its last chance', () => {
    everyPlan((snapshot, { assignments }) => {
      for (const { id, suspects } of snapshot.backends) {
        const given = assignments.filter(({ job, backendId: to }) => to === id && job.rescues === 2).length;
        expect(given).toBeLessThanOrEqual(suspects === 0 ? 1 : 0);
      }
    });
  });

  test('deals with a job once, and names every backend exactly once', () => {
    everyPlan((snapshot, { assignments, holds, rejections }) => {
      const dealt = [...assignments, ...holds, ...rejections];
      expect(new Set(dealt.map(({ job }) => job.id)).size).toBe(dealt.length);
      for (const { explanation } of dealt) {
        expect(explanation.candidates.map((candidate) => candidate.backendId)).toEqual(
          snapshot.backends.map(({ id }) => id),
        );
      }
    });
  });

  test('says of a lane that waits why: its first job is assigned, held or rejected', () => {
    everyPlan((snapshot, { assignments, holds, rejections }) => {
      const dealt = new Set([...assignments, ...holds, ...rejections].map(({ job }) => job.id));
      for (const { head } of snapshot.lanes) expect(head[0] && dealt.has(head[0].id)).toBe(true);
    });
  });

  test('is the same for the same snapshot, and leaves the snapshot as it was', () => {
    everyPlan((snapshot, result) => {
      const copy = structuredClone(snapshot);
      expect(plan(copy)).toEqual(result);
      expect(copy).toEqual(snapshot);
    });
  });

  test('does not depend on the order in which backends, some of them alike, and lanes are listed', () => {
    const shuffled = snapshots
      .map(withTwins)
      .chain((snapshot) =>
        tuple(
          shuffledSubarray([...snapshot.backends], { minLength: snapshot.backends.length }),
          shuffledSubarray([...snapshot.lanes], { minLength: snapshot.lanes.length }),
        ).map(([others, lanes]) => ({ snapshot, other: { ...snapshot, backends: others, lanes } })),
      );
    assert(
      property(shuffled, ({ snapshot, other }) => {
        const [one, two] = [plan(snapshot), plan(other)];
        expect(inAnyOrder(two)).toEqual(inAnyOrder(one));
        expect(two.overflowing).toEqual(one.overflowing);
      }),
      RUNS,
    );
  });

  test('leaves no local slot free that the first job of a lane could use', () => {
    everyPlan((snapshot, { assignments }) => {
      const idle = snapshot.backends.filter(
        (backend) =>
          backend.held + assignments.filter(({ backendId: id }) => id === backend.id).length < backend.slots,
      );
      const assigned = new Set(assignments.map(({ job }) => job.id));
      for (const lane of snapshot.lanes) {
        const [first] = lane.head;
        const missed = idle.filter(
          (backend) => first && !assigned.has(first.id) && isFreeFor(backend, lane, first),
        );
        expect(missed).toEqual([]);
      }
    });
  });

  test('uses the cloud for a job of a group with local backends only while it overflows, or when it must', () => {
    everyPlan((_snapshot, { assignments }) => {
      for (const { location, explanation } of assignments) {
        expect(location === 'cloud' && explanation.trigger === 'local').toBe(false);
      }
    });
  });
});
