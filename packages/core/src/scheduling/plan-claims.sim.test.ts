import { assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOf, duels, goesBefore, isAged, isLost, isPromoted, standing } from './claims.fixtures.ts';
import { CONTENDED_POLICY, contended } from './contended.fixtures.ts';
import type { BackendId } from '../id/name.ts';
import type { Explanation } from './explanation.ts';
import { plan } from './plan.ts';
import type { Plan } from './plan-result.ts';
import type { Snapshot } from './snapshot.ts';
import { aBackend, aJob, aLane, aSnapshot, jobId, tenantId } from './snapshot.fixtures.ts';

const RUNS = 2000;

const everyPlan = (look: (snapshot: Snapshot, result: Plan) => void): void => {
  assert(
    property(contended, (snapshot) => {
      look(snapshot, plan(snapshot));
    }),
    { numRuns: RUNS },
  );
};

const isWithoutKv = ({ backends }: Snapshot): boolean =>
  backends.every(({ kvCapacityTokens }) => kvCapacityTokens === undefined);

/** The backends that refused a job for want of KV memory. */
const shortOfMemory = ({ candidates }: Explanation): readonly BackendId[] =>
  candidates
    .filter((candidate) => candidate.kind === 'refused' && candidate.code === 'KV_HEADROOM')
    .map(({ backendId }) => backendId);

describe('ageing', () => {
  test('no job waits past its bound while room it could use goes to one with no greater claim', () => {
    let premises = 0;
    everyPlan((snapshot, result) => {
      if (!isWithoutKv(snapshot)) return;
      for (const { served, other } of duels(snapshot, result)) {
        if (!isAged(other) || isPromoted(other) || isLost(other)) continue;
        premises += 1;
        expect(goesBefore(served, other)).toBe(true);
      }
    });
    expect(premises).toBeGreaterThan(RUNS / 10);
  });

  test('it decides: jobs past their bound are served before those of tenants who were served less', () => {
    let decided = 0;
    everyPlan((snapshot, result) => {
      if (!isWithoutKv(snapshot)) return;
      for (const { served, other } of duels(snapshot, result)) {
        const wasServedLess = other.charged < served.charged && !other.lane.pinned && !served.lane.pinned;
        const isYoung = !isAged(other) && !isLost(other) && classOf(other) === classOf(served);
        if (!wasServedLess || !isYoung) continue;
        expect(isAged(served)).toBe(true);
        decided += 1;
      }
    });
    expect(decided).toBeGreaterThan(RUNS / 100);
  });

  test('the first that waits for room in a KV cache keeps one backend from all who come after it, aged or not', () => {
    let premises = 0;
    everyPlan((_snapshot, { assignments, holds }) => {
      const [first] = holds.filter(({ explanation }) => shortOfMemory(explanation).length > 0);
      if (first === undefined) return;
      const { rank } = first.explanation;
      const kept = shortOfMemory(first.explanation).filter((id) =>
        assignments.every((one) => one.backendId !== id || one.explanation.rank < rank),
      );
      expect(kept.length).toBeGreaterThan(0);
      premises += Number(assignments.some(({ explanation }) => explanation.rank > rank));
    });
    expect(premises).toBeGreaterThan(RUNS / 50);
  });
});

describe('fair share', () => {
  test('of jobs with an equal claim, the one whose tenant was charged less for its weight is served', () => {
    let premises = 0;
    everyPlan((snapshot, result) => {
      if (!isWithoutKv(snapshot)) return;
      for (const { served, other } of duels(snapshot, result)) {
        if (standing(served) !== standing(other)) continue;
        premises += 1;
        expect(served.charged).toBeLessThanOrEqual(other.charged);
      }
    });
    expect(premises).toBeGreaterThan(RUNS / 10);
  });
});

describe('served in the end', () => {
  const flood = tenantId('flood');
  const policy = { ...CONTENDED_POLICY, promotion: { interactive: 0, standard: 0, batch: 0 } };

  /**
   * Rounds of a second, each with new short jobs of the flood and the end of what runs longest, until 1 is served: when
   * that is, and what the flood was charged by then.
   */
  function servedAfter(inputTokens: number, virtualTokens: number, kvCapacityTokens: number) {
    const first = aJob(1, { inputTokens, submittedAtMs: 0, deadlineAtMs: 1e9 });
    const patient = aLane([first], { tenantId: tenantId('patient') });
    let running: readonly number[] = [150, 150];
    let flooded = 0;
    for (let nowMs = 0; nowMs < 400_000; nowMs += 1000) {
      const head = [0, 1].map((index) =>
        aJob(2 + nowMs / 500 + index, { submittedAtMs: nowMs, deadlineAtMs: nowMs + 300_000 }),
      );
      const backend = aBackend('gpu-0', {
        slots: 3,
        held: running.length,
        heldTokens: running.reduce((sum, tokens) => sum + tokens, 0),
        kvCapacityTokens,
      });
      const lanes = [aLane(head, { tenantId: flood }), patient];
      const tenants = new Map([
        [patient.tenantId, { weight: 1, virtualTokens }],
        [flood, { weight: 1, virtualTokens: flooded }],
      ]);
      const { assignments } = plan(aSnapshot([backend], lanes, { nowMs, tenants, policy }));
      if (assignments.some(({ job }) => job.id === jobId(1))) return { ms: nowMs, flooded };
      flooded += assignments.reduce((sum, one) => sum + one.virtualTokens, 0);
      running = [...running, ...assignments.map(({ reservedTokens }) => reservedTokens)].slice(1);
    }
    return { ms: Infinity, flooded };
  }
  const boundMs = policy.maxWaitMs.standard;

  test('a tenant that was charged more waits while others have jobs, but only until they were charged as much', () => {
    const ahead = policy.shareTolerance + 20_000;
    const { ms, flooded } = servedAfter(100, ahead, 1e6);
    expect(ms).toBeGreaterThan(0);
    expect(flooded).toBeGreaterThan(ahead - policy.shareTolerance - 1000);
    expect(flooded).toBeLessThanOrEqual(ahead + 1000);
  });

  test('a prompt that fits only an almost empty cache is served soon after its bound, though short ones always fit', () => {
    expect(servedAfter(700, 0, 1000).ms).toBeLessThanOrEqual(boundMs + 5000);
  });
});
