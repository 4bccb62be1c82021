import { idFromUuid, type TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { feedOf, openBatches } from '../batches/batch-life.fixtures.ts';
import type { LaneName } from '../keys.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { newJob, noLimit, openLife, tenant } from './job-life.fixtures.ts';
import type { NewJob } from './new-job.ts';

const [bulk, paying] = ['bulk' as TenantId, 'paying' as TenantId];

function openLine(store: TestStore) {
  const life = openLife(store);
  let made = 0;
  /** In order: among those of one instant ids decide, which sort by time. */
  const nextId = () => {
    made += 1;
    return idFromUuid('JobId', `01900000-0000-7000-8000-${String(made).padStart(12, '0')}`);
  };
  const join = async (count: number, lane: Partial<LaneName> = {}, changes: Partial<NewJob> = {}) => {
    const positions: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const job = newJob({ id: nextId(), ...changes, lane: { ...newJob().lane, ...lane } });
      const reply = await life.submit(job, noLimit, undefined);
      if (reply.kind !== 'accepted') throw new Error(reply.kind);
      positions.push(reply.position);
    }
    return positions;
  };
  return { life, join, nextId };
}

describe('the position in line', () => {
  test('is not pushed back by the flood of another tenant, and that of the flood is', async () => {
    await using store = await openTestStore();
    const { join } = openLine(store);
    await join(200, { tenantId: bulk });
    expect(await join(3), 'one of theirs for each of ours').toEqual([2, 4, 6]);
    expect(await join(1, { tenantId: bulk }), 'all of ours are before their last').toEqual([204]);
  });

  test('a tenant of more weight is let by as often as its weight says', async () => {
    await using store = await openTestStore();
    const { join } = openLine(store);
    await store.redis.hset(`${store.keys.prefix}fairness:weights`, paying, 3, bulk, 0.5);
    await join(50, { tenantId: paying });
    await join(50, { tenantId: bulk });
    expect(await join(2)).toEqual([1 + 3, 1 + 1 + 6 + 1]);
    expect(await join(1, { tenantId: bulk }), 'who weighs little waits for all').toEqual([1 + 50 + 50 + 2]);
  });

  test('more urgent classes come first, then what is pinned, whosever it is', async () => {
    await using store = await openTestStore();
    const { join } = openLine(store);
    await join(5, { jobClass: 'interactive', tenantId: bulk });
    await join(4, { pinned: true, tenantId: bulk });
    await join(3, { pinned: true });
    await join(20, { jobClass: 'batch' });
    await join(20, { modelGroup: 'another' });
    expect(await join(1)).toEqual([1 + 5 + 4 + 3]);
    expect(await join(1, { pinned: true }), 'pinned ones share among themselves').toEqual([1 + 3 + 5 + 4]);
  });

  test('a tenant’s own jobs stand by their deadlines, or by how long they may wait', async () => {
    await using store = await openTestStore();
    const { join } = openLine(store);
    await join(3, {}, { deadlineMs: 50_000 });
    expect(await join(1, {}, { deadlineMs: 40_000 })).toEqual([1]);
    expect(await join(1, {}, { deadlineMs: 86_400_000, maxWaitMs: 20_000 })).toEqual([1]);
    expect(await join(1, {}, { deadlineMs: 86_400_000, maxWaitMs: 30_000 })).toEqual([2]);
  });

  test('submissions of one call see each other', async () => {
    await using store = await openTestStore();
    const { life, nextId } = openLine(store);
    const replies = await Promise.all(
      Array.from({ length: 300 }, () => life.submit(newJob({ id: nextId() }), noLimit, undefined)),
    );
    const positions = replies.map((reply) => (reply.kind === 'accepted' ? reply.position : 0));
    expect(positions).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  test('with hundreds of tenants in line the sum of their turns is kept for a moment, and own jobs count at once', async () => {
    await using store = await openTestStore();
    const { life, join, nextId } = openLine(store);
    await Promise.all(
      Array.from({ length: 600 }, (_, index) => {
        const tenantId = `tenant-${index % 300}` as TenantId;
        return life.submit(
          newJob({ id: nextId(), lane: { ...newJob().lane, tenantId } }),
          noLimit,
          undefined,
        );
      }),
    );
    const line = `${store.keys.prefix}line:llama3.2%3A3b`;
    await store.redis.del(line);
    expect(await join(4)).toEqual([301, 602, 603, 604]);
    expect(await store.redis.pttl(line)).toBeGreaterThan(0);
    expect(await store.redis.pttl(line)).toBeLessThanOrEqual(500);
    const [position = 0] = await join(1, { tenantId: 'tenant-0' as TenantId });
    expect(position, 'all of the others, and of ours as many as were known').toBeGreaterThanOrEqual(602);
    expect(position).toBeLessThanOrEqual(604);
  });

  test('a lane of another version refuses no job', async () => {
    await using store = await openTestStore();
    const { join } = openLine(store);
    await store.redis.sadd(`${store.keys.prefix}lanes`, 'urgent:llama3.2%3A3b:acme:open', 'odd');
    expect(await join(1)).toEqual([1]);
  });
});

describe('the estimated finish', () => {
  test('as it was told first goes with the claim, whatever was foretold since and however often it ran', async () => {
    await using store = await openTestStore();
    const { life, join } = openLine(store);
    const { modelGroup } = newJob().lane;
    // as many digits as numbers have: the record of the job stays small all the same
    const paceMs = { interactive: 1 / 300, standard: 1 / 300, batch: 1 / 300 };
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 1 / 700, residenceMs: 4e5 / 7, paceMs }] });
    await join(9);
    const job = newJob();
    const reply = await life.submit(job, noLimit, undefined);
    if (reply.kind !== 'accepted' || reply.estimatedFinishAtMs === undefined) throw new Error(reply.kind);
    expect(reply.estimatedFinishAtMs).toBe(reply.record.createdAtMs + 57_143);
    expect(await store.redis.object('ENCODING', store.keys.job(job.id))).toBe('listpack');
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 1, residenceMs: 1 }] });
    await life.beat();
    const first = await life.run(job);
    expect(first.estimatedFinishAtMs).toBe(reply.estimatedFinishAtMs);
    await life.settle(first.lease, { kind: 'returned' });
    expect((await life.run(job, 1)).estimatedFinishAtMs).toBe(reply.estimatedFinishAtMs);
  });

  test('of a submission that is sent again is as it was told first, whatever joined or was foretold since', async () => {
    await using store = await openTestStore();
    const { life, join } = openLine(store);
    const { modelGroup } = newJob().lane;
    const paceMs = { interactive: 1, standard: 30, batch: 9000 };
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 10, residenceMs: 4000, paceMs }] });
    await join(2);
    const job = newJob();
    const first = await life.submit(job, noLimit, undefined);
    expect(first).toMatchObject({ kind: 'accepted', position: 3 });
    await join(5, { jobClass: 'interactive' });
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 1, residenceMs: 1 }] });
    expect(await life.submit(job, noLimit, undefined)).toEqual(first);
  });

  test('of a submission that is sent again and was told none is what is known by then', async () => {
    await using store = await openTestStore();
    const { life } = openLine(store);
    const job = newJob();
    const first = await life.submit(job, noLimit, undefined);
    if (first.kind !== 'accepted') throw new Error(first.kind);
    const { modelGroup } = job.lane;
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 100, residenceMs: 4000 }] });
    const estimatedFinishAtMs = first.record.createdAtMs + 4100;
    expect(await life.submit(job, noLimit, undefined)).toEqual({ ...first, estimatedFinishAtMs });
  });

  test('that was not told first is not known later, nor is one of a line of a batch', async () => {
    await using store = await openTestStore();
    const { life } = openLine(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.commitAsLeader({
      forecasts: [{ modelGroup: job.lane.modelGroup, jobMs: 100, residenceMs: 4000 }],
    });
    await life.beat();
    expect((await life.run(job)).estimatedFinishAtMs).toBeUndefined();
    const batches = openBatches(store);
    const { lease, record } = await batches.begin(1);
    const line = newJob();
    await batches.work.feed(lease, record, feedOf(0, [line]));
    expect((await life.run(line)).estimatedFinishAtMs).toBeUndefined();
  });

  test('comes from the last plan’s forecast for the model group, whatever its name', async () => {
    await using store = await openTestStore();
    const { life, join } = openLine(store);
    const lane = { modelGroup: 'größe:1/2 %' };
    await life.commitAsLeader({ forecasts: [{ ...lane, jobMs: 100.5, residenceMs: 4000 }] });
    await join(2, lane);
    const job = newJob({ lane: { ...newJob().lane, ...lane } });
    const key = { key: 'k', bodyHash: 'h', keepMs: 60_000 };
    const reply = await life.submit(job, noLimit, key);
    if (reply.kind !== 'accepted') throw new Error(reply.kind);
    expect(reply.estimatedFinishAtMs).toBe(reply.record.createdAtMs + 4302);
    const { nowMs } = await life.snapshot();
    const outlook = await life.reader.outlook(reply.record);
    expect(outlook.position).toBe(3);
    expect(outlook.estimatedFinishAtMs).toBeGreaterThanOrEqual(nowMs + 4302);
    await life.commitAsLeader({ forecasts: [{ ...lane, jobMs: 1, residenceMs: 1 }] });
    expect(await life.submit(newJob(), noLimit, key), 'a replay tells the first one').toMatchObject({
      kind: 'replayed',
      estimatedFinishAtMs: reply.estimatedFinishAtMs,
    });
  });

  test('comes from the pace of its class, and how many of the class are before it', async () => {
    await using store = await openTestStore();
    const { life, join } = openLine(store);
    const { modelGroup } = newJob().lane;
    const paceMs = { interactive: 1, standard: 30, batch: 9000 };
    await life.commitAsLeader({ forecasts: [{ modelGroup, jobMs: 10, residenceMs: 4000, paceMs }] });
    await join(3, { jobClass: 'interactive' });
    await join(2, { pinned: true });
    await join(2);
    const waits = async (lane: Partial<LaneName>): Promise<number | undefined> => {
      const reply = await life.submit(newJob({ lane: { ...newJob().lane, ...lane } }), noLimit, undefined);
      if (reply.kind !== 'accepted') throw new Error(reply.kind);
      return reply.estimatedFinishAtMs && reply.estimatedFinishAtMs - reply.record.createdAtMs;
    };
    expect(await waits({ jobClass: 'interactive' }), 'at its own pace hardware could not').toBe(4040);
    expect(await waits({ jobClass: 'standard' }), 'two pinned, two of its own, and its turn').toBe(4150);
    expect(await waits({ jobClass: 'standard', pinned: true }), 'those that are not come later').toBe(4090);
    expect(await waits({ jobClass: 'batch' }), 'twice what hardware would take').toBe(4220);
  });

  test('is unknown before any plan, and for a job that waits in no lane', async () => {
    await using store = await openTestStore();
    const { life } = openLine(store);
    const job = newJob();
    const reply = await life.submit(job, noLimit, undefined);
    expect(reply).toMatchObject({ kind: 'accepted', position: 1, estimatedFinishAtMs: undefined });
    await store.redis.zrem(`${store.keys.prefix}lane:standard:llama3.2%3A3b:${tenant}:open`, job.id);
    const record = await life.reader.one(job.id);
    expect(record && (await life.reader.outlook(record))).toEqual({
      position: undefined,
      estimatedFinishAtMs: undefined,
    });
  });

  test('of a job that a plan has dispatched is that plan’s prediction, until it waits again', async () => {
    await using store = await openTestStore();
    const { life } = openLine(store);
    const job = newJob();
    await life.submit(job, noLimit, undefined);
    await life.beat();
    const outlook = async () => {
      const record = await life.reader.one(job.id);
      return record && (await life.reader.outlook(record));
    };
    const predictedFinishAtMs = Date.now() + 5000;
    await life.dispatch(life.assignment(job, { predictedFinishAtMs }));
    const predicted = { position: undefined, estimatedFinishAtMs: predictedFinishAtMs };
    expect(await outlook()).toEqual(predicted);
    const { claims } = await life.claim();
    expect(await outlook()).toEqual(predicted);
    if (claims[0] !== undefined) await life.settle(claims[0].lease, { kind: 'returned' });
    expect(await outlook()).toEqual({ position: 1, estimatedFinishAtMs: undefined });
  });
});
