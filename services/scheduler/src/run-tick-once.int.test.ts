import type { BackendId, JobId } from '@spillway/core';
import { createSignals } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { acme, aConfig, cloud, gpu, LOW_OVERFLOW, MODEL, NO_OVERFLOW } from '@spillway/planning/testing';
import { FEATURES, newWorkerId, openScheduling, type Scheduling } from './testing/open-scheduling.ts';

const submitMany = (cell: Scheduling, count: number): Promise<readonly JobId[]> =>
  Promise.all(Array.from({ length: count }, () => cell.submit()));

/** Ends everything the backend holds. */
async function finish(cell: Scheduling, backendId: BackendId): Promise<void> {
  for (const id of await cell.heldOf(backendId)) {
    const { lease } = await cell.claim(id, backendId);
    await cell.settle(lease, { kind: 'expired' });
  }
}

describe('a tick', () => {
  test('binds late: of eleven jobs in front of four slots four are dispatched, and their workers told', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    const told: BackendId[] = [];
    await createSignals(await cell.connect(), cell.keys).onDispatched((id) => told.push(id));
    await cell.beat(gpu, 4);
    const ids = await submitMany(cell, 11);
    expect(await cell.tick()).toBe('dispatched');
    expect(await cell.statesOf(ids)).toEqual({ dispatched: 4, queued: 7 });
    expect(await cell.tick()).toBe('idle');
    await expect.poll(() => told).toEqual([gpu]);
  });

  test('gives a freed slot to the next job, and only that one', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    await cell.beat(gpu, 2);
    const ids = await submitMany(cell, 4);
    await cell.tick();
    const [first = ''] = await cell.heldOf(gpu);
    const { lease } = await cell.claim(first as JobId, gpu);
    await cell.settle(lease, { kind: 'expired' });
    await cell.tick();
    expect(await cell.statesOf(ids)).toEqual({ expired: 1, dispatched: 2, queued: 1 });
  });

  test('that was refused a job because the client took it back says so, and writes nothing of it', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    await cell.beat(gpu, 4);
    const [gone, stays] = [await cell.submit(), await cell.submit()];
    const outcome = await cell.tickAfter(() => cell.cancel(gone));
    expect(outcome).toBe('refused');
    expect(await cell.statesOf([gone, stays])).toEqual({ cancelled: 1, dispatched: 1 });
    expect(await cell.decisions(gone)).toEqual([]);
  });

  test('sends jobs that begin alike to the engine that has their beginning, once it was given the first', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    await cell.beat(gpu, 4, [], { kvCapacityTokens: 100_000 });
    const features = { ...FEATURES, inputTokens: 2000, prefix: [1, 2, 3] };
    const first = await cell.submit({ features });
    await cell.tick();
    const second = await cell.submit({ features });
    await cell.tick();
    const cachedOf = async (id: JobId) => (await cell.decisions(id))[0]?.candidates[0]?.cached_tokens;
    expect([await cachedOf(first), await cachedOf(second)]).toEqual([0, 1536]);
  });

  test('of a deposed leader commits nothing', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 4);
    const id = await cell.submit();
    const deposed = await cell.election.lead(newWorkerId(), 1);
    await expect.poll(async () => (await cell.election.lead(newWorkerId(), 60_000))?.epoch).toBe(2);
    expect(await cell.tick(deposed)).toBe('deposed');
    expect([(await cell.read(id)).state, await cell.decisions(id)]).toEqual(['queued', []]);
  });
});

describe('overflow', () => {
  test('begins above the upper mark, goes on between the marks, and ends below the lower one', async () => {
    await using cell = await openScheduling(aConfig({ routing: LOW_OVERFLOW }));
    /** Jobs on local hardware, jobs in the cloud, groups that overflow. */
    const tick = async () => {
      await cell.tick();
      const [local, away] = [await cell.heldOf(gpu), await cell.heldOf(cloud)];
      return [local.length, away.length, await cell.redis.hkeys(`${cell.keys.prefix}overflowing`)];
    };
    await cell.beat(gpu, 1);
    await cell.beat(cloud, 2);
    await submitMany(cell, 4);
    expect(await tick()).toEqual([1, 0, []]);
    // six wait: it begins, and two fit
    await submitMany(cell, 3);
    expect(await tick()).toEqual([1, 2, [MODEL]]);
    // four wait, too few to begin, enough to go on
    await finish(cell, cloud);
    expect(await tick()).toEqual([1, 2, [MODEL]]);
    // two wait: one goes, and the one that is left ends it
    await finish(cell, cloud);
    expect(await tick()).toEqual([1, 1, []]);
    // three wait, enough to go on, too few to begin again
    await submitMany(cell, 2);
    expect(await tick()).toEqual([1, 1, []]);
    expect(cell.log().match(/overflow\.(?:began|ended)/g)).toEqual(['overflow.began', 'overflow.ended']);
  });

  test('does not concern batch work for the cloud only: it goes at once, however deep in its lane it stands', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    const lane = { jobClass: 'batch', modelGroup: MODEL, tenantId: acme, pinned: false } as const;
    await cell.beat(gpu, 1);
    await cell.beat(cloud, 2);
    const waiting = await Promise.all(Array.from({ length: 60 }, () => cell.submit({ lane })));
    await cell.tick();
    const features = { ...FEATURES, strategy: 'cloud_only' } as const;
    const [deep, other] = [
      await cell.submit({ lane, features, cloudAtOnce: true, deadlineMs: 90_000 }),
      await cell.submit({ lane, features, deadlineMs: 90_000 }),
    ];
    await cell.tick();
    expect(await cell.heldOf(cloud)).toEqual([deep]);
    expect(await cell.statesOf([other]), 'one that is not looked at when it comes').toEqual({ queued: 1 });
    expect(await cell.statesOf(waiting)).toEqual({ dispatched: 1, queued: 59 });
  });

  test('leaves pinned jobs where they are, and counts them', async () => {
    await using cell = await openScheduling(aConfig({ routing: LOW_OVERFLOW }));
    await cell.beat(gpu, 1);
    await cell.beat(cloud, 100);
    const pinned = await Promise.all(Array.from({ length: 6 }, () => cell.submit({ pinned: true })));
    const [open] = await submitMany(cell, 1);
    await cell.tick();
    expect(await cell.statesOf(pinned)).toEqual({ dispatched: 1, queued: 5 });
    expect([await cell.heldOf(gpu), await cell.heldOf(cloud)]).toMatchObject([[expect.any(String)], [open]]);
    expect(open && (await cell.decisions(open))).toMatchObject([{ action: 'assign', trigger: 'depth' }]);
  });
});

describe('the stored decisions of a job', () => {
  test('a hold over a second leaves one, not one for every tick', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    await cell.beat(gpu, 1);
    const [running, waiting] = [await cell.submit({ deadlineMs: 30_000 }), await cell.submit()];
    await cell.tick();
    expect((await cell.read(running)).state).toBe('dispatched');
    await cell.tick();
    expect(await cell.decisions(waiting)).toEqual([]);
    await cell.waitedFor(waiting, 1500);
    for (let tick = 0; tick < 3; tick += 1) await cell.tick();
    expect(await cell.decisions(waiting)).toMatchObject([{ action: 'hold', epoch: 1 }]);
    await finish(cell, gpu);
    await cell.tick();
    expect(await cell.decisions(waiting)).toMatchObject([{ action: 'hold' }, { action: 'assign' }]);
  });

  test('a hold that a deposed leader could not write is written by the next plan that is committed', async () => {
    await using cell = await openScheduling(aConfig({ routing: NO_OVERFLOW }));
    await cell.beat(gpu, 0);
    const waiting = await cell.submit();
    await cell.waitedFor(waiting, 1500);
    const deposed = await cell.election.lead(newWorkerId(), 1);
    await expect.poll(async () => (await cell.election.lead(newWorkerId(), 1))?.epoch).toBe(2);
    expect(await cell.tick(deposed)).toBe('deposed');
    await expect.poll(() => cell.tick().catch(() => 'standby')).toBe('idle');
    expect(await cell.decisions(waiting)).toMatchObject([{ action: 'hold', epoch: 3 }]);
  });

  test('a long wait that no tick looked at leaves one', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 1);
    const id = await cell.submit();
    await cell.waitedFor(id, 5000);
    await cell.tick();
    const [hold, assignment] = await cell.decisions(id);
    expect([hold, assignment]).toMatchObject([{ action: 'hold' }, { action: 'assign' }]);
    expect(hold?.why).toMatch(/^waited 5\.\d s before it was considered/);
  });

  test('the time a job ran before its retry was no wait', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 1);
    const id = await cell.submit();
    await cell.tick();
    const claim = await cell.claim(id, gpu);
    await cell.redis.hset(cell.keys.job(id), 'created_at_ms', claim.startedAtMs - 30_000);
    await cell.settle(claim.lease, {
      kind: 'retry',
      reason: { kind: 'backend-error', detail: 'HTTP 500' },
      availableAtMs: claim.startedAtMs,
      exclude: undefined,
      backendFault: { blamed: true, coolForMs: 0 },
    });
    await cell.tick();
    expect(await cell.decisions(id)).toMatchObject([{ action: 'assign' }, { action: 'assign' }]);
    expect(await cell.claim(id, gpu)).toMatchObject({ attempt: 2, failures: 1 });
  });

  test('a job that fits no backend is failed with a decision that says so', async () => {
    await using cell = await openScheduling(aConfig());
    await cell.beat(gpu, 1);
    const descriptor = await cell.redis.hget(cell.keys.backend(gpu), 'descriptor');
    const small = { ...(JSON.parse(descriptor ?? '{}') as object), contextTokens: 256 };
    await cell.redis.hset(cell.keys.backend(gpu), 'descriptor', JSON.stringify(small));
    const features = { ...FEATURES, inputTokens: 900 };
    const id = await cell.submit({ features, pinned: true });
    await cell.tick();
    expect(await cell.read(id)).toMatchObject({ state: 'failed', error: { code: 'unservable' } });
    expect(await cell.decisions(id)).toMatchObject([{ action: 'reject' }]);
  });
});
