import { expect, test } from 'vitest';
import { gpu, newJob, noLimit, openLife } from '../jobs/job-life.fixtures.ts';
import { openTestStore } from '../testing/open-test-store.ts';

test('an entry that cannot be read is left out and named, and stops nothing else', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  await life.submit(newJob(), noLimit, undefined);
  await life.beat();
  await store.redis.sadd(store.keys.backends, 'odd');
  await store.redis.hset(`${store.keys.prefix}backend:odd`, 'descriptor', '{"kind":7}', 'slots', '1');
  await store.redis.sadd(`${store.keys.prefix}lanes`, 'not-a-lane');
  const odd = newJob();
  await life.submit(odd, noLimit, undefined);
  await store.redis.hset(store.keys.job(odd.id), 'features', '{"of":"another version"}');
  const snapshot = await life.snapshot();
  expect(snapshot.backends.map(({ id }) => id)).toEqual([gpu]);
  expect(snapshot.lanes).toMatchObject([{ depth: 2, head: [expect.anything()] }]);
  expect(snapshot.unreadable.toSorted()).toEqual(['backend odd', `job ${odd.id}`, 'lane not-a-lane']);
});

test('jobs on their last chance in front of a lane do not hide those behind them', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const suspects = Array.from({ length: 20 }, (_, index) => newJob({ deadlineMs: 10_000 + index }));
  const behind = Array.from({ length: 3 }, (_, index) => newJob({ deadlineMs: 20_000 + index }));
  for (const job of [...suspects, ...behind]) await life.submit(job, noLimit, undefined);
  for (const job of suspects) await store.redis.hset(store.keys.job(job.id), 'rescues', 2);
  await life.beat();
  const [lane] = (await life.snapshot()).lanes;
  expect(lane?.depth).toBe(23);
  expect(lane?.head.map(({ id }) => id)).toEqual([...suspects.slice(0, 2), ...behind].map(({ id }) => id));
});
