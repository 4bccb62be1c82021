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
  const snapshot = await life.snapshot();
  expect(snapshot.backends.map(({ id }) => id)).toEqual([gpu]);
  expect(snapshot.lanes).toHaveLength(1);
  expect(snapshot.unreadable).toEqual(['backend odd', 'lane not-a-lane']);
});
