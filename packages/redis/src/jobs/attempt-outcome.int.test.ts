import { describe, expect, test } from 'vitest';
import type { CommitAssignment } from '../scheduling/commit-plan.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { completed, newJob, noLimit, openLife } from './job-life.fixtures.ts';
import type { Settlement } from './settle-job.ts';

const cloudPrice = { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 };
const predictedFinishAtMs = 1_700_000_000_000;

/** What the first attempt of a job came to, and the claim it began with. */
async function attempt(settlement: Settlement, changes: Partial<CommitAssignment> = {}) {
  await using store = await openTestStore();
  const life = openLife(store);
  const job = newJob();
  await life.submit(job, noLimit, undefined);
  await life.beat();
  await life.dispatch(life.assignment(job, { predictedFinishAtMs, counterfactual: cloudPrice, ...changes }));
  const [claim] = (await life.claim()).claims;
  if (claim === undefined) throw new Error('nothing was claimed');
  await life.settle(claim.lease, settlement);
  const [record] = (await life.reader.one(job.id))?.attempts ?? [];
  if (record?.end === undefined) throw new Error('the attempt did not end');
  return { claim, record, end: record.end };
}

const usage = { ...completed.usage, inputTokens: 1000, outputTokens: 200 };

describe('what came of an attempt', () => {
  test('its claim says when it was dispatched, and when the plan expected its answer', async () => {
    const { claim, record } = await attempt(completed);
    expect(claim).toMatchObject({ predictedFinishAtMs });
    expect(claim.dispatchedAtMs).toBeGreaterThan(claim.startedAtMs - 5000);
    expect(claim.dispatchedAtMs).toBeLessThanOrEqual(claim.startedAtMs);
    expect(claim.features).toMatchObject({ task: 'chat', inputTokens: 10 });
    expect(record.fence).toBe(claim.lease.fence);
  });

  test('completed: how far the prediction was off, and what the cloud would have taken for what it used', async () => {
    const { end } = await attempt({ ...completed, usage });
    expect(end).toMatchObject({
      predictedFinishAtMs,
      predictionErrorMs: end.finishedAtMs - predictedFinishAtMs,
    });
    expect(end.counterfactualUsd).toBeCloseTo(0.000_27, 12);
  });

  test('done in the cloud, or where no cloud could have taken it, nothing was saved', async () => {
    const servedBy = { ...completed.servedBy, location: 'cloud' } as const;
    expect((await attempt({ ...completed, usage, servedBy })).end.counterfactualUsd).toBeUndefined();
    const without = await attempt({ ...completed, usage }, { counterfactual: undefined });
    expect(without.end.counterfactualUsd).toBeUndefined();
  });

  test('not completed: what was expected, and no error of it', async () => {
    const { end } = await attempt({ kind: 'returned' });
    expect(end).toMatchObject({
      outcome: 'failed',
      predictedFinishAtMs,
      predictionErrorMs: undefined,
      counterfactualUsd: undefined,
    });
  });
});
