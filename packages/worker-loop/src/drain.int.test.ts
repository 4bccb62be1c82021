import { createKeys, closeRedis, openRedis } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { gpu, openLoop } from './testing/open-loop.ts';
import { openStoreProxy } from './testing/open-store-proxy.ts';
import { eventually, openTestCell } from './testing/open-test-cell.ts';
import { createWorkerStore } from './worker-store.ts';

const refuseToSettle = (): Promise<never> => Promise.reject(new Error('no such script'));

describe('a drain', () => {
  test('lets attempts finish and gives the rest back, which does not count as their failure', async () => {
    await using cell = await openTestCell();
    const worker = await openLoop(cell, { drainMs: 300 });
    const [quick, slow] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, quick, slow);
    const [first, second] = [await worker.runOf(quick), await worker.runOf(slow)];
    const drained = worker.loop.drain();
    expect(second.signal.aborted).toBe(false);
    first.end();
    await drained;
    expect((await cell.read(quick)).state).toBe('completed');
    expect(await cell.read(slow)).toMatchObject({
      state: 'queued',
      attempts: [{ end: { outcome: 'failed', code: 'worker-drained' } }],
    });
    await using successor = await openLoop(cell);
    await cell.dispatch(gpu, slow);
    const again = await successor.run(0);
    expect(again.claim).toMatchObject({ attempt: 2, failures: 0 });
    again.end();
    await cell.until(slow, 'completed');
  });

  test('asked for twice is one drain, and both wait for its end', async () => {
    await using cell = await openTestCell();
    const worker = await openLoop(cell, { drainMs: 100 });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    await worker.run(0);
    await Promise.all([worker.loop.drain(), worker.loop.drain()]);
    expect((await cell.read(id)).state).toBe('queued');
    await worker.loop.drain();
    expect(cell.log().match(/"mode":"draining"/g)).toHaveLength(1);
  });

  test('claims nothing more, and hands a local engine’s dispatches back', async () => {
    await using cell = await openTestCell();
    const worker = await openLoop(cell, { slots: 1, drainMs: 300 });
    const [running, waiting] = [await cell.submit(), await cell.submit()];
    await cell.dispatch(gpu, running, waiting);
    const first = await worker.run(0);
    const drained = worker.loop.drain();
    first.end();
    await drained;
    expect((await cell.read(running)).state).toBe('completed');
    expect((await cell.read(waiting)).state).toBe('queued');
    expect(worker.runs).toHaveLength(1);
    expect(await cell.backend(gpu)).toMatchObject({ slots: 0, held: 0 });
  });

  test('of one worker of a shared account leaves the account’s slots to the others', async () => {
    await using cell = await openTestCell();
    const leaving = await openLoop(cell, { location: 'cloud', slots: 3, drainMs: 2500 });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const run = await leaving.run(0);
    const drained = leaving.loop.drain();
    const { lease } = run.claim;
    const beats = async (): Promise<number> =>
      Number(await cell.redis.zscore(`${cell.keys.prefix}workers`, lease.workerId));
    const before = await beats();
    await eventually(
      async () => ((await beats()) > before ? true : undefined),
      'a heartbeat while it drains',
    );
    expect(await cell.backend(gpu)).toMatchObject({ slots: 3, descriptor: { draining: false } });
    run.end();
    await drained;
    await cell.until(id, 'completed');
  });

  test('leaves nothing behind that it could not settle: the next rescue takes it', async () => {
    await using cell = await openTestCell();
    const store = await cell.workerStore();
    const worker = await openLoop(cell, { store: { ...store, settle: refuseToSettle } });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    await worker.run(0);
    await worker.loop.drain();
    expect((await cell.read(id)).state).toBe('running');
    expect(await cell.duties.rescueJobs()).toMatchObject({ rescued: 1 });
    expect((await cell.read(id)).state).toBe('queued');
  });

  test('ends although the store is away, and the job is not lost', async () => {
    await using cell = await openTestCell();
    await using proxy = await openStoreProxy(cell.url);
    const redis = await openRedis(proxy.url, 'background', () => undefined);
    const subscriber = await openRedis(proxy.url, 'background', () => undefined);
    const store = createWorkerStore({ redis, listener: subscriber, keys: createKeys(cell.keys.cell) });
    const worker = await openLoop(cell, { store, drainMs: 100 });
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const { claim } = await worker.run(0);
    await proxy.cut();
    const askedAt = performance.now();
    await worker.loop.drain();
    expect(performance.now() - askedAt).toBeLessThan(3000);
    await Promise.all([redis, subscriber].map(closeRedis));
    await cell.redis.zadd(`${cell.keys.prefix}workers`, 1, claim.lease.workerId);
    expect(await cell.duties.rescueJobs()).toMatchObject({ rescued: 1 });
  });
});

describe('the workers of a local engine', () => {
  test('the second stands by, runs nothing, and takes over when the first leaves', async () => {
    await using cell = await openTestCell();
    const first = await openLoop(cell);
    await using second = await openLoop(cell, { ready: 'any' });
    await eventually(() => cell.log().includes('"mode":"standby"') || undefined, 'the second to stand by');
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    (await first.run(0)).end();
    await cell.until(id, 'completed');
    expect([second.loop.leasing, second.runs]).toEqual([false, []]);
    await first.loop.drain();
    await eventually(() => second.loop.leasing || undefined, 'the second to take over');
    const next = await cell.submit();
    await cell.dispatch(gpu, next);
    (await second.run(0)).end();
    await cell.until(next, 'completed');
  });

  test('one that was taken for dead stops what it ran and stands by', async () => {
    await using cell = await openTestCell();
    await using first = await openLoop(cell);
    const id = await cell.submit();
    await cell.dispatch(gpu, id);
    const { signal, claim } = await first.run(0);
    // another worker finds it silent and takes the engine
    await cell.redis.hset(cell.keys.backend(gpu), 'owner', 'somebody-else');
    await cell.redis.zadd(`${cell.keys.prefix}workers`, Date.now() + 60_000, 'somebody-else');
    await eventually(() => signal.aborted || undefined, 'the attempt to be stopped');
    expect(first.loop.leasing).toBe(false);
    await cell.redis.zadd(`${cell.keys.prefix}workers`, 1, claim.lease.workerId);
    expect(await cell.duties.rescueJobs()).toMatchObject({ rescued: 1 });
    await cell.redis.hdel(cell.keys.backend(gpu), 'owner');
    await eventually(() => first.loop.leasing || undefined, 'it to lease again');
    await cell.dispatch(gpu, id);
    (await first.run(1)).end();
    await cell.until(id, 'completed');
  });
});
