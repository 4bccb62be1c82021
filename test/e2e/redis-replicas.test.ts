import {
  type Cell,
  type CellOptions,
  confirmDurable,
  createSignals,
  createSubmitJob,
  isStoreUnavailable,
  openCell,
} from '@spillway/redis';
import { describe, test, vi } from 'vitest';
import { newJob, noLimit } from './redis/new-job.ts';
import { openAddress } from './redis/open-address.ts';
import { startPair, startWatchedPair } from './redis/start-pair.ts';
import { startServer } from './redis/start-server.ts';

async function openTestCell(
  url: string,
  options: Partial<CellOptions> = {},
): Promise<Cell & AsyncDisposable & { readonly advice: readonly string[] }> {
  await using stack = new AsyncDisposableStack();
  const advice: string[] = [];
  const cell = await openCell(
    {
      url,
      cell: 'replicas',
      role: 'background',
      replicas: 0,
      onError: () => undefined,
      onNotDurable: (found) => advice.push(...found),
      ...options,
    },
    stack,
  );
  const open = stack.move();
  return { ...cell, advice, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const outcomeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'confirmed',
    (error: unknown) => error,
  );

describe.concurrent('a write that one replica must have', () => {
  test('is confirmed once the replica has it', async ({ expect }) => {
    await using pair = await startPair();
    await using cell = await openTestCell(pair.master.url, { replicas: 1 });
    for (let write = 0; write < 50; write += 1) {
      await cell.redis.set('last', write);
      await confirmDurable(cell.redis);
      expect(await pair.replica.admin.get('last')).toBe(String(write));
    }
  });

  test('is refused within two seconds, for all who wait, while the replica is away', async ({ expect }) => {
    await using pair = await startPair();
    await using cell = await openTestCell(pair.master.url, { replicas: 1 });
    pair.replica.kill('SIGSTOP');
    await cell.redis.set('x', 1);
    const startedAtMs = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(confirmDurable(cell.redis))),
    );
    expect(performance.now() - startedAtMs).toBeLessThan(2500);
    expect(outcomes.every(isStoreUnavailable)).toBe(true);
    expect(String(outcomes[0])).toContain('NOREPLICAS 0 of 1');
    const submit = createSubmitJob(cell.redis, cell.keys);
    expect(await outcomeOf(submit(newJob(), noLimit, undefined))).toSatisfy(isStoreUnavailable);

    pair.replica.kill('SIGCONT');
    await vi.waitUntil(async () => (await outcomeOf(confirmDurable(cell.redis))) === 'confirmed', {
      timeout: 10_000,
    });
  });

  test('is refused when the connection it was made on is lost: the next may lead to another master', async ({
    expect,
  }) => {
    await using pair = await startPair();
    await using cell = await openTestCell(pair.master.url, { replicas: 1 });
    pair.replica.kill('SIGSTOP');
    await cell.redis.set('x', 1);
    const outcome = outcomeOf(confirmDurable(cell.redis));
    const id = await cell.listener.client('LIST');
    expect(id).toContain('cmd=wait');
    await pair.master.admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
    pair.replica.kill('SIGCONT');
    expect(String(await outcome)).toContain('NOREPLICAS the connection was lost');
  });

  test('asks nothing of Redis where no replica must have it', async ({ expect }) => {
    await using server = await startServer();
    await using cell = await openTestCell(server.url);
    await cell.redis.set('x', 1);
    await confirmDurable(cell.redis);
    expect(await server.admin.info('commandstats')).not.toContain('cmdstat_wait:');
  });
});

describe.concurrent('a failover', () => {
  test('found by a sentinel: calls, submissions and subscriptions go on at the new master', async ({
    expect,
  }) => {
    await using pair = await startWatchedPair();
    await using background = await openTestCell(pair.url, { replicas: 1 });
    await using request = await openTestCell(pair.url, { role: 'request' });
    const submit = createSubmitJob(request.redis, request.keys);
    const heard: string[] = [];
    await createSignals(request.listener, request.keys).onEnded((id) => heard.push(id));
    await background.redis.set('before', 1);
    await confirmDurable(background.redis);

    pair.master.kill('SIGKILL');
    const waiting = background.redis.incr('once');
    expect(await outcomeOf(submit(newJob(), noLimit, undefined))).toSatisfy(isStoreUnavailable);
    expect(await waiting).toBe(1);
    expect(await pair.replica.admin.get('before')).toBe('1');
    const accepted = async (): Promise<boolean> =>
      (await outcomeOf(submit(newJob(), noLimit, undefined))) === 'confirmed';
    await vi.waitUntil(accepted, { timeout: 10_000 });
    await vi.waitUntil(
      async () => {
        await background.redis.publish(background.keys.endedChannel, 'job_1');
        return heard.length > 0;
      },
      { timeout: 10_000 },
    );
    // the new master has no replica yet
    expect(await outcomeOf(confirmDurable(background.redis))).toSatisfy(isStoreUnavailable);
  });

  test('behind an address that moves: a master that became a replica is left, and nothing is written twice', async ({
    expect,
  }) => {
    await using pair = await startPair();
    await using address = await openAddress(pair.master.port);
    await using background = await openTestCell(address.url);
    await using request = await openTestCell(address.url, { role: 'request' });
    const submit = createSubmitJob(request.redis, request.keys);
    const counts: Promise<number>[] = [];
    const counting = setInterval(() => counts.push(background.redis.incr('count')), 2);
    await pair.master.admin.call('FAILOVER', 'TO', '127.0.0.1', String(pair.replica.port), 'TIMEOUT', '5000');
    await vi.waitUntil(async () => (await pair.replica.admin.role())[0] === 'master', { timeout: 10_000 });
    // the old connections still lead to the old server, which refuses writes now
    const early = outcomeOf(submit(newJob(), noLimit, undefined));
    address.moveTo(pair.replica.port);
    expect(await early).toSatisfy((outcome) => outcome === 'confirmed' || isStoreUnavailable(outcome));
    const accepted = async (): Promise<boolean> =>
      (await outcomeOf(submit(newJob(), noLimit, undefined))) === 'confirmed';
    await vi.waitUntil(accepted, { timeout: 10_000 });
    clearInterval(counting);
    const seen = await Promise.all(counts);
    expect(new Set(seen).size).toBe(seen.length);
    expect(Number(await pair.replica.admin.get('count'))).toBe(seen.length);
  });
});

describe.concurrent('what a Redis acknowledges might not last', () => {
  test('all is well with one that syncs every write', async ({ expect }) => {
    await using server = await startServer();
    await using cell = await openTestCell(server.url);
    expect(cell.advice).toEqual([]);
  });

  test('each setting that weakens it is named, with what to set', async ({ expect }) => {
    await using server = await startServer({
      settings: { appendonly: 'no', appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' },
    });
    await using cell = await openTestCell(server.url, { replicas: 2 });
    expect(cell.advice).toEqual([
      'set appendonly to yes, not no: a restart of Redis loses accepted jobs',
      'set appendfsync to always, not everysec: a power cut loses the last seconds of accepted jobs',
      'set maxmemory-policy to noeviction, not allkeys-lru: a Redis out of memory forgets records',
      'connect 2 replicas, not 0: until then nothing is accepted',
    ]);
  });

  test('one that does not tell is said to be unknown', async ({ expect }) => {
    await using server = await startServer();
    await server.admin.acl('SETUSER', 'default', '-config');
    await using cell = await openTestCell(server.url);
    expect(cell.advice).toEqual([expect.stringMatching(/^make sure that this Redis .* NOPERM /)]);
  });
});
