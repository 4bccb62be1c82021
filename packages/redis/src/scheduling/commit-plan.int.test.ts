import { describe, expect, test } from 'vitest';
import { completed, gpu, newJob, noLimit, openLife } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { CommitAssignment } from './commit-plan.ts';

async function openCommits(store: TestStore) {
  const life = openLife(store);
  const queued = async (): Promise<NewJob> => {
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    return job;
  };
  const refusals = async (...assignments: CommitAssignment[]): Promise<readonly string[]> => {
    const reply = await life.dispatch(...assignments);
    return reply.kind === 'applied' ? reply.refused.map(({ because }) => because) : [reply.kind];
  };
  await life.beat();
  return {
    life,
    queued,
    refusals,
    hash: (name: string) => store.redis.hgetall(`${store.keys.prefix}${name}`),
    /** Why a commit does not dispatch one more job; undefined when it does. */
    refusal: async (changes: Partial<CommitAssignment> = {}): Promise<string | undefined> =>
      (await refusals(life.assignment(await queued(), changes)))[0],
  };
}

describe('a commit refuses', () => {
  test('a backend that nobody has been heard of for too long, that drains, or is not known', async () => {
    await using store = await openTestStore();
    const { life, refusal } = await openCommits(store);
    const backend = store.keys.backend(gpu);
    expect(await refusal()).toBeUndefined();
    const heardAtMs = (await life.snapshot()).nowMs;
    await store.redis.hset(backend, 'heard_at_ms', heardAtMs - 10_001);
    expect(await refusal()).toBe('no-backend');
    await life.beat();
    expect(await refusal()).toBeUndefined();
    await store.redis.hset(backend, 'draining', 1);
    expect(await refusal()).toBe('no-backend');
    await life.beat();
    await store.redis.hdel(backend, 'descriptor');
    expect(await refusal()).toBe('no-backend');
  });

  test('more than the slots a backend has by now', async () => {
    await using store = await openTestStore();
    const { refusal } = await openCommits(store);
    await store.redis.hset(store.keys.backend(gpu), 'slots', 1);
    expect(await refusal({ slots: 4 })).toBeUndefined();
    expect(await refusal({ slots: 4 })).toBe('no-slot');
  });

  test('more tokens than the backend may hold, also within one plan; what is too large for any runs alone', async () => {
    await using store = await openTestStore();
    const { life, queued, refusals, refusal } = await openCommits(store);
    const large = await queued();
    expect(await refusals(life.assignment(large, { tokens: 500, kvLimit: 100 }))).toEqual([]);
    expect(await refusal({ tokens: 10, kvLimit: 100 })).toBe('no-kv');
    expect(await refusal({ tokens: 10 }), 'nobody knows a limit').toBeUndefined();
    const [claim] = (await life.claim(4)).claims;
    if (claim === undefined) throw new Error('nothing was claimed');
    await life.settle(claim.lease, completed);
    expect((await life.snapshot()).backends[0]?.heldTokens).toBe(10);
    const jobs = [await queued(), await queued()];
    const both = jobs.map((job) => life.assignment(job, { tokens: 60, kvLimit: 100 }));
    expect(await refusals(...both)).toEqual(['no-kv']);
    expect((await life.snapshot()).backends[0]?.heldTokens).toBe(70);
  });

  test('without changing anything: the job waits as it did, its tenant is not charged, nothing is held', async () => {
    await using store = await openTestStore();
    const { life, queued, refusals, hash } = await openCommits(store);
    const job = await queued();
    const read = async () => [
      await hash(`job:${job.id}`),
      await hash('fairness'),
      await life.reader.decisions(job.id),
      (await life.snapshot()).lanes,
      await hash(`backend:${gpu}`),
    ];
    const before = await read();
    expect(await refusals(life.assignment(job, { slots: 0 }))).toEqual(['no-slot']);
    expect(await read()).toEqual(before);
  });

  test('a plan with a number that is none, whole', async () => {
    await using store = await openTestStore();
    const { life, queued } = await openCommits(store);
    const job = await queued();
    await expect(life.dispatch(life.assignment(job, { charge: Number.NaN }))).rejects.toThrow(RangeError);
    expect(await life.stateOf(job.id)).toBe('queued');
  });
});

describe('a commit keeps', () => {
  test('what one job reserves, in whole tokens, until it is over', async () => {
    await using store = await openTestStore();
    const { life, queued } = await openCommits(store);
    await life.dispatch(life.assignment(await queued(), { tokens: 70.2 }));
    expect((await life.snapshot()).backends[0]?.heldTokens).toBe(71);
    const [claim] = (await life.claim()).claims;
    if (claim === undefined) throw new Error('nothing was claimed');
    await life.settle(claim.lease, { kind: 'returned' });
    expect((await life.snapshot()).backends[0]?.heldTokens).toBe(0);
  });

  test('what the plan found of model groups, as it stands now: nothing of before is left', async () => {
    await using store = await openTestStore();
    const { life, hash } = await openCommits(store);
    await life.commitAsLeader({
      overflowing: [['llama3.2:3b', 7]],
      forecasts: [
        {
          modelGroup: 'llama3.2:3b',
          jobMs: 12.5,
          residenceMs: 4000,
          paceMs: { interactive: 0, standard: 80.5, batch: 900 },
        },
        { modelGroup: 'other', jobMs: 1, residenceMs: 2 },
      ],
    });
    expect(await hash('overflowing')).toEqual({ 'llama3.2:3b': '7' });
    expect(await hash('forecast')).toEqual({ 'llama3.2%3A3b': '12.5 4000 0 80.5 900', other: '1 2' });
    await life.commitAsLeader({ forecasts: [{ modelGroup: 'other', jobMs: 3, residenceMs: 4 }] });
    expect(await hash('overflowing')).toEqual({});
    expect(await hash('forecast')).toEqual({ other: '3 4' });
  });

  test('weights other than 1, as the last plan had them', async () => {
    await using store = await openTestStore();
    const { life, hash } = await openCommits(store);
    const { tenantId } = newJob().lane;
    const weighted = async (weight: number) => {
      await life.commitAsLeader({ weights: [[tenantId, weight]] });
      return hash('fairness:weights');
    };
    expect(await weighted(2)).toEqual({ [tenantId]: '2' });
    expect(await weighted(2)).toEqual({ [tenantId]: '2' });
    expect(await weighted(0.5)).toEqual({ [tenantId]: '0.5' });
    expect(await weighted(1)).toEqual({});
  });

  test('no job fresh that the plan has dealt with', async () => {
    await using store = await openTestStore();
    const { life, queued } = await openCommits(store);
    const jobs = [await queued(), await queued()];
    const fresh = async () => new Set((await life.snapshot()).fresh.map(({ job }) => job.id));
    expect(await fresh()).toEqual(new Set(jobs.map(({ id }) => id)));
    await life.commitAsLeader({ looked: jobs.slice(0, 1).map(({ id }) => id) });
    expect(await fresh()).toEqual(new Set(jobs.slice(1).map(({ id }) => id)));
  });
});
