import { type Cell, createSubmitJob, isStoreUnavailable, type NewJob, openCell } from '@spillway/redis';
import { Redis } from 'ioredis';
import { describe, test, vi } from 'vitest';
import { newJob, noLimit } from './redis/new-job.ts';
import { type ServerOptions, startServer, type TestServer } from './redis/start-server.ts';

interface House {
  readonly server: TestServer;
  readonly cell: Cell;
  readonly submit: (job?: NewJob) => Promise<unknown>;
}

/** One way a Redis comes to refuse writes, and how it gets well again. */
interface Refusal {
  readonly server?: ServerOptions;
  readonly begin: (house: House) => Promise<unknown>;
  readonly end: (house: House) => Promise<unknown>;
  readonly says: RegExp;
  /** The answer never came: the job may have been written after all, as after any lost answer. */
  readonly mayBeMade?: true;
  /** Its disk is still full after the end. */
  readonly staysBroken?: true;
}

const set = (name: string, value: string | number) => (house: House) =>
  house.server.admin.config('SET', name, value);

/** Fills it until it is refused. */
const fill = async ({ submit }: House): Promise<void> => {
  for (let job = 0; job < 200; job += 1) {
    try {
      await submit(newJob(100_000));
    } catch (error) {
      if (isStoreUnavailable(error)) return;
      throw error;
    }
  }
  throw new Error('it took everything');
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'out of memory': { begin: set('maxmemory', 1), end: set('maxmemory', 0), says: /^OOM / },
  'read-only, because it is a replica now': {
    begin: ({ server }) => server.admin.replicaof('127.0.0.1', 1),
    end: ({ server }) => server.admin.replicaof('NO', 'ONE'),
    says: /^READONLY |writeable/,
  },
  'without the replicas its own configuration asks for': {
    begin: set('min-replicas-to-write', 1),
    end: set('min-replicas-to-write', 0),
    says: /^NOREPLICAS /,
  },
  'busy with a script': {
    begin: async ({ server }) => {
      await server.admin.config('SET', 'busy-reply-threshold', 50);
      const rogue = new Redis(server.port, { lazyConnect: true });
      rogue.eval('while true do end', 0).catch(() => rogue.disconnect());
      const isBusy = (): Promise<boolean> =>
        server.admin.get('x').then(
          () => false,
          (error: Error) => error.message.startsWith('BUSY'),
        );
      await vi.waitUntil(isBusy);
    },
    end: ({ server }) => server.admin.script('KILL'),
    says: /^BUSY |writeable/,
  },
  'paused, as while it hands over to a replica': {
    begin: ({ server }) => server.admin.client('PAUSE', 60_000, 'WRITE'),
    end: ({ server }) => server.admin.client('UNPAUSE'),
    says: /timed out/,
    mayBeMade: true,
  },
  frozen: {
    begin: async ({ server }) => server.kill('SIGSTOP'),
    end: async ({ server }) => server.kill('SIGCONT'),
    says: /timed out/,
    mayBeMade: true,
  },
  down: {
    begin: async ({ server }) => {
      server.kill('SIGKILL');
      await server.exited;
    },
    end: ({ server }) => server.restart(),
    says: /writeable|closed|ECONN|retries/,
  },
  'disk full while every write is synced: it ends itself': {
    server: { diskBytes: 2_000_000 },
    begin: async (house) => {
      await fill(house);
      await house.server.exited;
    },
    end: ({ server }) => server.restart(),
    says: /writeable|closed|ECONN|retries/,
    staysBroken: true,
  },
  'disk full while it syncs every second': {
    server: { diskBytes: 2_000_000, settings: { appendfsync: 'everysec' } },
    begin: fill,
    end: async ({ server }) => {
      await server.admin.config('SET', 'appendonly', 'no');
    },
    says: /^MISCONF /,
  },
};

async function openHouse(options: ServerOptions): Promise<House & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer(options));
  const cell = await openCell(
    {
      url: server.url,
      cell: 'refusals',
      role: 'request',
      replicas: 0,
      onError: () => undefined,
      onNotDurable: () => undefined,
    },
    stack,
  );
  const submitJob = createSubmitJob(cell.redis, cell.keys);
  const open = stack.move();
  return {
    server,
    cell,
    submit: (job = newJob()) => submitJob(job, noLimit, undefined),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Every key that is about a job, or in which it is listed. */
async function tracesOf({ server, cell }: House, id: string): Promise<readonly string[]> {
  const traces: string[] = [];
  for (const key of await server.admin.keys(`${cell.keys.prefix}*`)) {
    if (key.includes(id)) traces.push(key);
    const type = await server.admin.type(key);
    if (type === 'zset' && (await server.admin.zscore(key, id)) !== null) traces.push(key);
    if (type === 'set' && (await server.admin.sismember(key, id)) === 1) traces.push(key);
  }
  return traces;
}

describe.concurrent('a Redis that refuses a submission', () => {
  test.for(Object.entries(REFUSALS))('%s', async ([, refusal], { expect }) => {
    await using house = await openHouse(refusal.server ?? {});
    await house.submit();
    await refusal.begin(house);
    const refused = newJob();
    const startedAtMs = performance.now();
    const error: unknown = await house.submit(refused).then(
      () => new Error('it was accepted'),
      (reason: unknown) => reason,
    );
    expect(performance.now() - startedAtMs, 'the client is told soon').toBeLessThan(6000);
    expect(String(error).replace(/^\w*Error: /, '')).toMatch(refusal.says);
    expect(isStoreUnavailable(error), 'the API says 503').toBe(true);

    await refusal.end(house);
    if (refusal.staysBroken === undefined) await vi.waitUntil(() => accepts(house), { timeout: 15_000 });
    const state = await house.server.admin.hget(house.cell.keys.job(refused.id), 'state');
    const traces = await tracesOf(house, refused.id);
    if (state === null || refusal.mayBeMade === undefined) expect(traces).toEqual([]);
    else expect([state, traces.some((key) => key.includes(':lane:'))]).toEqual(['queued', true]);
  });
});

const accepts = ({ submit }: House): Promise<boolean> =>
  submit().then(
    () => true,
    (reason: unknown) => {
      if (!isStoreUnavailable(reason)) throw reason;
      return false;
    },
  );
