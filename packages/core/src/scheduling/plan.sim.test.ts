import { type Arbitrary, assert, oneof, property, shuffledSubarray, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshots } from './any-snapshot.fixtures.ts';
import { cloudy } from './cloudy.fixtures.ts';
import { contended } from './contended.fixtures.ts';
import { plan } from './plan.ts';
import type { Plan } from './plan-result.ts';
import { qualityOf } from './model-quality.ts';
import type { BackendView, JobView, LaneView, Snapshot } from './snapshot.ts';
import { backendId, NOW_MS, POLICY } from './snapshot.fixtures.ts';

const RUNS = { numRuns: 600 };

/** Of everything; of turns; of money. */
const anySnapshot = oneof({ weight: 2, arbitrary: snapshots }, contended, cloudy);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** A random snapshot and its plan: the counterexample, its seed and its path are printed when one fails. */
const everyPlan = (
  guarantee: (snapshot: Snapshot, result: Plan) => void,
  arbitrary: Arbitrary<Snapshot> = anySnapshot,
): void => {
  assert(
    property(arbitrary, (snapshot) => {
      guarantee(snapshot, plan(snapshot));
    }),
    RUNS,
  );
};

const locationOf = ({ backends: all }: Snapshot, id: string): string | undefined =>
  all.find((backend) => backend.id === id)?.location;

const inAnyOrder = ({ assignments }: Plan): readonly string[] =>
  assignments.map(({ job, backendId: id, explanation }) => `${job.id} ${id} ${explanation.rank}`).toSorted();

/** All that a plan tells, explanations of holds included: those are made when they are asked for. */
const told = ({ holds, rejections, ...made }: Plan) => ({
  ...made,
  waiting: [...holds, ...rejections].map(({ job, reasons, estimatedFinishAtMs, explanation }) => ({
    id: job.id,
    reasons,
    estimatedFinishAtMs,
    explanation,
  })),
});

/** Each backend twice, under two ids: every score is a tie. */
const withTwins = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  backends: snapshot.backends.flatMap((backend) => [
    backend,
    { ...backend, id: backendId(`${backend.id}-twin`) },
  ]),
});

const isGuarded = ({ pinnedDue }: BackendView): boolean =>
  pinnedDue !== undefined && pinnedDue.atMs > NOW_MS && pinnedDue.atMs < NOW_MS + POLICY.pinnedGuardMs;

/** Whether nothing but the jobs it holds could keep the backend from this job. */
const isFreeFor = ({ modelGroups }: Snapshot, backend: BackendView, lane: LaneView, job: JobView): boolean =>
  backend.location === 'local' &&
  backend.health.kind === 'up' &&
  backend.coolingUntilMs <= NOW_MS &&
  backend.held < backend.slots &&
  job.rescues < 2 &&
  backend.kvCapacityTokens === undefined &&
  backend.rateLimit === undefined &&
  !isGuarded(backend) &&
  job.minQuality === undefined &&
  (backend.contextTokens ?? Infinity) >= job.inputTokens * 1.05 + job.outputTokens &&
  backend.endpoints.includes(job.endpoint) &&
  job.strategy !== 'cloud_only' &&
  (backend.telemetryAgeMs ?? 0) === 0 &&
  job.excluded.length === 0 &&
  (modelGroups.get(lane.modelGroup) ?? []).some((model) => backend.models.includes(model));

describe('every plan', () => {
  test('keeps pinned jobs off the cloud', () => {
    let premises = 0;
    everyPlan((snapshot, { assignments, holds }) => {
      for (const { lane, location, backendId: id } of assignments) {
        expect(location).toBe(locationOf(snapshot, id));
        expect(lane.pinned && location === 'cloud').toBe(false);
      }
      const othersLeave = assignments.some(({ location }) => location === 'cloud');
      premises += Number(othersLeave && holds.some(({ lane }) => lane.pinned));
    });
    expect(premises).toBeGreaterThan(10);
  });

  test('keeps self-hosted jobs off the cloud and cloud-only jobs off local hardware', () => {
    everyPlan((_snapshot, { assignments }) => {
      for (const { job, location } of assignments) {
        expect(`${job.strategy} ${location}`).not.toMatch(/self_hosted_only cloud|cloud_only local/);
      }
    });
  });

  test('gives no backend more than its free slots, nor promises more than its KV cache', () => {
    const full = { slots: 0, memory: 0 };
    everyPlan(
      (snapshot, { assignments, holds }) => {
        for (const { id, slots, held, heldTokens, kvCapacityTokens = Infinity } of snapshot.backends) {
          const jobs = assignments.filter((assignment) => assignment.backendId === id);
          expect(jobs.length).toBeLessThanOrEqual(Math.max(0, slots - held));
          for (const { job, reservedTokens } of jobs)
            expect(reservedTokens).toBeGreaterThanOrEqual(job.inputTokens);
          const promised = jobs.reduce((sum, { reservedTokens }) => sum + reservedTokens, heldTokens);
          // A job alone on an idle engine may take the whole cache: CONTEXT_FIT has seen that it fits.
          const limit =
            held + jobs.length > 1 ? kvCapacityTokens * snapshot.policy.kvHeadroom : kvCapacityTokens;
          expect(jobs.length === 0 || promised <= limit).toBe(true);
          full.slots += Number(jobs.length > 1 && jobs.length === slots - held && holds.length > 0);
          full.memory += Number(jobs.length > 1 && promised + 200 > limit && holds.length > 0);
        }
      },
      oneof(snapshots, contended),
    );
    expect(full.slots).toBeGreaterThan(10);
    expect(full.memory).toBeGreaterThan(3);
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
        expect(explanation.candidates.map((candidate) => candidate.backendId).toSorted()).toEqual(
          snapshot.backends.map(({ id }) => id).toSorted(),
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

  test('is the same for the same snapshot, explanations included, and leaves the snapshot as it was', () => {
    everyPlan((snapshot, result) => {
      const { prefixes, ...data } = snapshot;
      const copy = { ...structuredClone(data), prefixes };
      expect(told(plan(copy))).toEqual(told(result));
      expect(copy).toEqual(snapshot);
    });
  });

  test('does not depend on the order in which backends, some of them alike, and lanes are listed', () => {
    const shuffled = anySnapshot
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

  test('leaves no local slot free that the first job of a lane could use, unless another plan follows at once', () => {
    everyPlan((snapshot, { assignments, unfinished }) => {
      if (unfinished) return;
      const idle = snapshot.backends.filter(
        (backend) =>
          backend.held + assignments.filter(({ backendId: id }) => id === backend.id).length < backend.slots,
      );
      const assigned = new Set(assignments.map(({ job }) => job.id));
      for (const lane of snapshot.lanes) {
        const [first] = lane.head;
        const missed = idle.filter(
          (backend) => first && !assigned.has(first.id) && isFreeFor(snapshot, backend, lane, first),
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

  test('promises no more of a budget than it has left, by what the plan reserves and by what the prices say', () => {
    let premises = 0;
    everyPlan(({ budgets, backends }, { assignments }) => {
      for (const { leftUsd, backendId: of, tenantId } of budgets) {
        const bound = assignments.filter(
          ({ location, backendId: id, lane }) =>
            location === 'cloud' &&
            (of === undefined || of === id) &&
            (tenantId === undefined || tenantId === lane.tenantId),
        );
        const promptsUsd = bound.map(({ job, backendId: id }) => {
          const { price } = backends.find((one) => one.id === id) ?? {};
          return (job.inputTokens * (price?.inputUsdPerMillion ?? Infinity)) / 1e6;
        });
        const reservedUsd = sumOf(bound.map((one) => one.reservedUsd));
        expect(reservedUsd).toBeLessThanOrEqual(leftUsd + 1e-12);
        expect(sumOf(promptsUsd)).toBeLessThanOrEqual(reservedUsd + 1e-12);
        premises += Number(bound.length > 1 && reservedUsd > 0);
      }
    }, cloudy);
    expect(premises).toBeGreaterThan(3);
  });

  test('asks no provider for more than its limits leave, and no client for more than it allows', () => {
    let premises = 0;
    everyPlan(
      (snapshot, { assignments }) => {
        for (const { id, rateLimit } of snapshot.backends) {
          const asked = assignments.filter(({ backendId: to }) => to === id);
          if (rateLimit === undefined) continue;
          expect(asked.length).toBeLessThanOrEqual(rateLimit.requestsLeft);
          expect(sumOf(asked.map(({ reservedTokens }) => reservedTokens))).toBeLessThanOrEqual(
            rateLimit.tokensLeft,
          );
          premises += Number(asked.length > 1);
        }
        for (const { job, model, lane, reservedUsd } of assignments) {
          expect(reservedUsd).toBeLessThanOrEqual(job.maxCostUsd ?? Infinity);
          const quality = qualityOf(snapshot.policy, snapshot.modelGroups.get(lane.modelGroup) ?? [], model);
          expect(quality).toBeGreaterThanOrEqual(job.minQuality ?? 0);
        }
      },
      oneof(snapshots, cloudy),
    );
    expect(premises).toBeGreaterThan(10);
  });

  test('keeps an engine whose pinned job is about to be due from what could wait', () => {
    everyPlan((snapshot, { assignments }) => {
      const guarded = new Set(snapshot.backends.filter(isGuarded).map(({ id }) => id));
      for (const { lane, backendId: id } of assignments) {
        expect(!guarded.has(id) || lane.pinned).toBe(true);
      }
    });
  });

  test('looks at every fresh job, gives it no local room before its turn, and deals with none twice', () => {
    everyPlan((snapshot, { assignments, looked }) => {
      const fresh = new Set(snapshot.fresh.map(({ job }) => job.id));
      expect(new Set(looked).size).toBe(looked.length);
      expect(looked.every((id) => fresh.has(id))).toBe(true);
      const heads = new Set(snapshot.lanes.flatMap(({ head }) => head.map(({ id }) => id)));
      for (const { job, location } of assignments)
        expect(heads.has(job.id) || location === 'cloud').toBe(true);
    });
  });

  test('tells when every scored candidate and every estimate would be ready: never before now', () => {
    everyPlan((_snapshot, { assignments, holds }) => {
      for (const { prediction } of assignments) {
        expect(prediction.finishAtMs).toBeGreaterThan(NOW_MS);
        expect(prediction.finishAtMs).toBeLessThan(Infinity);
      }
      for (const { estimatedFinishAtMs } of holds) {
        expect(estimatedFinishAtMs === undefined || estimatedFinishAtMs > NOW_MS).toBe(true);
      }
    });
  });
});
