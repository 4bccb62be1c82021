import { expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { openEventLog } from './event-log.ts';

const NO_WAIT_MS = 1;

const openLog = async (store: TestStore, consumer: string) =>
  openEventLog(await store.connect(), store.keys, {
    consumer,
    idleIsDeadMs: 3_600_000,
    onMalformed: () => undefined,
  });
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
