import { expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { openEventLog } from './event-log.ts';

const NO_WAIT_MS = 1;

const openLog = async (store: TestStore, consumer: string, onMalformed: (entry: string) => void = () => {}) =>
  openEventLog(await store.connect(), store.keys, { consumer, idleIsDeadMs: 3_600_000, onMalformed });
const append = ({ redis, keys }: TestStore, subject: string): Promise<unknown> =>
  redis.xadd(
    keys.events,
    '*',
    'type',
    'job.failed',
    'subject',
    subject,
    'at_ms',
    '1',
    'target',
    '{"url":"https://hooks.example.com/in"}',
  );
/** Which no version can read, until its missing fields are there. */
const appendUnreadable = ({ redis, keys }: TestStore, subject: string): Promise<string | null> =>
  redis.xadd(keys.events, '*', 'type', 'job.failed', 'subject', subject);
/** The fields of what stands aside. */
const asideOf = async ({ redis, keys }: TestStore): Promise<readonly (readonly string[])[]> =>
  (await redis.xrange(keys.eventsAside, '-', '+')).map(([, fields]) => fields);
const pendingOf = async ({ redis, keys }: TestStore): Promise<unknown> =>
  (await redis.xpending(keys.events, 'deliveries'))[0];
const consumersOf = async ({ redis, keys }: TestStore): Promise<readonly unknown[]> => {
  const found = (await redis.xinfo('CONSUMERS', keys.events, 'deliveries')) as unknown[][];
  return found.map(([, name]) => name);
};

test('consumers that died are forgotten, unless they hold an entry: that one would be lost', async () => {
  await using store = await openTestStore();
  const dead = await openLog(store, 'dead');
  const holding = await openLog(store, 'holding');
  await append(store, 'job_1');
  const [event] = await dead.read(1, NO_WAIT_MS);
  await append(store, 'job_2');
  expect(await holding.read(1, NO_WAIT_MS)).toHaveLength(1);
  await dead.acknowledge([event?.entry ?? '']);
  expect(await holding.removeIdleConsumers(60_000), 'it was there just now').toEqual([]);
  await expect.poll(() => holding.removeIdleConsumers(100)).toEqual(['dead']);
  expect(await consumersOf(store)).toEqual(['holding']);
});

test('one that was forgotten and lives after all reads on', async () => {
  await using store = await openTestStore();
  const log = await openLog(store, 'one');
  for (const subject of ['job_1', 'job_2']) {
    await append(store, subject);
    const [event] = await log.read(1, NO_WAIT_MS);
    expect(event?.subject).toBe(subject);
    await log.acknowledge([event?.entry ?? '']);
    await expect.poll(() => log.removeIdleConsumers(1)).toEqual(['one']);
  }
});

test('a Redis that came back without its data is read again', async () => {
  await using store = await openTestStore();
  const log = await openLog(store, 'one');
  await store.redis.del(store.keys.events);
  await append(store, 'job_1');
  expect(await log.read(10, NO_WAIT_MS)).toMatchObject([{ subject: 'job_1' }]);
});

test('an entry that cannot be read is set aside as it is, reported, and holds up none of the others', async () => {
  await using store = await openTestStore();
  const malformed: string[] = [];
  const log = await openLog(store, 'one', (entry) => malformed.push(entry));
  const entry = await appendUnreadable(store, 'job_1');
  await append(store, 'job_2');
  const events = await log.read(10, NO_WAIT_MS);
  expect(events).toMatchObject([{ subject: 'job_2' }]);
  expect(malformed).toEqual([entry]);
  expect(await asideOf(store)).toEqual([['type', 'job.failed', 'subject', 'job_1']]);
  await log.acknowledge(events.map((event) => event.entry));
  expect([await store.redis.xlen(store.keys.events), await pendingOf(store)]).toEqual([0, 0]);
});

test('an instant that no date can hold cannot be read', async () => {
  await using store = await openTestStore();
  const log = await openLog(store, 'one');
  const target = '{"url":"https://hooks.example.com/in"}';
  const fields = ['type', 'job.failed', 'subject', 'job_1', 'at_ms', '1e18', 'target', target];
  await store.redis.xadd(store.keys.events, '*', ...fields);
  expect(await log.read(10, NO_WAIT_MS)).toEqual([]);
  expect(await asideOf(store)).toEqual([fields]);
});

test('whoever opens the log next gets what stands aside, and may be able to read it', async () => {
  await using store = await openTestStore();
  const older = await openLog(store, 'older');
  await append(store, 'job_1');
  const events = await older.read(10, NO_WAIT_MS);
  // what an older process does with an entry it does not understand
  await older.setAside(events.map(({ entry }) => entry));
  expect(await older.read(10, NO_WAIT_MS), 'not this one again').toEqual([]);
  const newer = await openLog(store, 'newer');
  expect(newer.putBack).toBe(1);
  expect(await newer.read(10, NO_WAIT_MS)).toMatchObject([{ subject: 'job_1' }]);
  expect(await asideOf(store)).toEqual([]);
  expect((await openLog(store, 'last')).putBack).toBe(0);
});

test('an entry that still cannot be read goes aside again, once for each opening, and is not lost', async () => {
  await using store = await openTestStore();
  await (await openLog(store, 'one')).read(1, NO_WAIT_MS);
  await appendUnreadable(store, 'job_1');
  for (const consumer of ['two', 'three']) {
    const malformed: string[] = [];
    const log = await openLog(store, consumer, (entry) => malformed.push(entry));
    for (let pass = 0; pass < 3; pass += 1) expect(await log.read(10, NO_WAIT_MS)).toEqual([]);
    expect(malformed).toHaveLength(1);
    expect(await asideOf(store)).toHaveLength(1);
    expect(await store.redis.xlen(store.keys.events)).toBe(0);
  }
});

test('of more than a thousand aside the oldest are put back, and the next opening has its turn with the others', async () => {
  await using store = await openTestStore();
  const log = await openLog(store, 'one');
  const adding = store.redis.pipeline();
  for (let index = 0; index < 1001; index += 1) adding.xadd(store.keys.events, '*', 'index', String(index));
  await adding.exec();
  await log.read(2000, NO_WAIT_MS);
  expect(await asideOf(store)).toHaveLength(1001);
  const next = await openLog(store, 'two');
  expect(next.putBack).toBe(1000);
  expect(await asideOf(store)).toEqual([['index', '1000']]);
  await next.read(2000, NO_WAIT_MS);
  expect((await asideOf(store))[0]).toEqual(['index', '1000']);
});

test('an entry set aside twice, because an answer got lost, stands there once', async () => {
  await using store = await openTestStore();
  const log = await openLog(store, 'one');
  await append(store, 'job_1');
  const entries = (await log.read(1, NO_WAIT_MS)).map(({ entry }) => entry);
  await log.setAside(entries);
  await log.setAside(entries);
  expect(await asideOf(store)).toHaveLength(1);
});
