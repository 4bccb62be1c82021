import { expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { completed, newJob, noLimit, openLife } from './job-life.fixtures.ts';

/** Bytes of all keys of the cell, by Redis' own account, and their names. */
async function memoryOf({ redis, keys }: TestStore) {
  const names = (await redis.keys(`${keys.prefix}*`)).toSorted();
  const sizes = await Promise.all(names.map((name) => redis.memory('USAGE', name)));
  return {
    names: names.map((name) => name.slice(keys.prefix.length)),
    bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  };
}

const LOAD = 600;
const key = (name: string) => ({ key: name, bodyHash: 'h', keepMs: 50 });

test('memory goes back to its base after a load: what has ended is forgotten with all that belongs to it', async () => {
  await using store = await openTestStore();
  const life = openLife(store);
  const runOne = async (name: string): Promise<void> => {
    const job = newJob({ retainMs: 1, request: JSON.stringify({ text: 'x'.repeat(2000) }) });
    // on a busy machine the load takes longer than a worker may be silent
    await life.beat();
    await life.submit(job, { ...noLimit, maxQueuedJobs: 10_000 }, key(name));
    await life.settle((await life.run(job)).lease, completed);
  };
  const forget = async (): Promise<void> => {
    await expect
      .poll(async () => {
        await life.duties.purgeRetained();
        return store.redis.zcard(`${store.keys.prefix}retained`);
      })
      .toBe(0);
    await expect.poll(() => store.redis.keys(`${store.keys.prefix}idem:*`)).toEqual([]);
  };
  await runOne('first');
  await forget();
  const base = await memoryOf(store);

  for (let index = 0; index < LOAD; index += 1) await runOne(`k-${index}`);
  const full = await memoryOf(store);
  expect(full.bytes).toBeGreaterThan(base.bytes + LOAD * 1000);
  await forget();
  const after = await memoryOf(store);
  expect(after.names).toEqual(base.names);
  expect(after.names).toEqual(['backend:gpu-0', 'backends', 'leader', 'lengths', 'workers']);
  // counters have more digits than at first
  expect(after.bytes).toBeLessThan(base.bytes + 200);
});
