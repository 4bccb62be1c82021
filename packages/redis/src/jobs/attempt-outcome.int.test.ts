import { describe, expect, test } from 'vitest';
import type { CommitAssignment } from '../scheduling/commit-plan.ts';
import { openTestStore } from '../testing/open-test-store.ts';
import { completed, newJob, noLimit, openLife } from './job-life.fixtures.ts';
import type { Settlement } from './settle-job.ts';

const cloudPrice = { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 };
const predictedFinishAtMs = 1_700_000_000_000;
const predictedOutputTokens = 150.4;

/** What the first attempt of a job came to, and the claim it began with. */
async function attempt(settlement: Settlement, changes: Partial<CommitAssignment> = {}) {
  await using store = await openTestStore();
  const life = openLife(store);
  const job = newJob();
  await life.submit(job, noLimit, undefined);
  await life.beat();
  await life.dispatch(
    life.assignment(job, {
      predictedFinishAtMs,
      predictedOutputTokens,
      counterfactual: cloudPrice,
      ...changes,
    }),
  );
  const [claim] = (await life.claim()).claims;
  if (claim === undefined) throw new Error('nothing was claimed');
  await life.settle(claim.lease, settlement);
  const [record] = (await life.reader.one(job.id))?.attempts ?? [];
  if (record?.end === undefined) throw new Error('the attempt did not end');
  return { claim, record, end: record.end };
}

const usage = { ...completed.usage, inputTokens: 1000, outputTokens: 200 };
const answered = (outputTokens: number) => attempt({ ...completed, usage: { ...usage, outputTokens } });

describe('what came of an attempt', () => {
  test('its claim says when it was dispatched, when the plan expected its answer, and how long it took it for', async () => {
    const { claim, record } = await attempt(completed);
    expect(claim).toMatchObject({ predictedFinishAtMs, predictedOutputTokens: 150, jobClass: 'standard' });
    expect(claim.dispatchedAtMs).toBeGreaterThan(claim.startedAtMs - 5000);
    expect(claim.dispatchedAtMs).toBeLessThanOrEqual(claim.startedAtMs);
    expect(claim.features).toMatchObject({ task: 'chat', inputTokens: 10 });
    expect(record.fence).toBe(claim.lease.fence);
  });

  test('completed: how far the predictions were off, and what the cloud would have taken for what it used', async () => {
    const { end } = await attempt({ ...completed, usage });
    expect(end).toMatchObject({
      predictedFinishAtMs,
      predictionErrorMs: end.finishedAtMs - predictedFinishAtMs,
      outputErrorTokens: 50,
    });
    expect(end.counterfactualUsd).toBeCloseTo(0.000_27, 12);
  });

  test('an answer shorter than predicted has an error below nothing, and one without tokens none', async () => {
    expect((await answered(30)).end.outputErrorTokens).toBe(-120);
    expect((await answered(150)).end.outputErrorTokens).toBe(0);
    expect((await answered(0)).end.outputErrorTokens).toBeUndefined();
  });

  test('of a job that an earlier version dispatched: nothing is known of what it did not write', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    await life.dispatch(life.assignment(job));
    await store.redis.hdel(store.keys.job(job.id), 'output_p50', 'foretold');
    const [claim] = (await life.claim()).claims;
    if (claim === undefined) throw new Error('nothing was claimed');
    expect(claim).toMatchObject({ predictedOutputTokens: undefined, estimatedFinishAtMs: undefined });
    expect(await life.settle(claim.lease, completed)).toEqual({ kind: 'settled', state: 'completed' });
    const [record] = (await life.reader.one(job.id))?.attempts ?? [];
    expect(record?.end).toMatchObject({ outcome: 'completed', outputErrorTokens: undefined });
  });

  test('sent again, it is settled as before: its error is that of the first time', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const { lease } = await life.run(job);
    const ended = async () => {
      await life.settle(lease, { ...completed, usage });
      return (await life.reader.one(job.id))?.attempts;
    };
    const first = await ended();
    expect(first).toMatchObject([{ end: { outputErrorTokens: 180 } }]);
    expect(await ended()).toEqual(first);
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
      outputErrorTokens: undefined,
      counterfactualUsd: undefined,
    });
  });
});
