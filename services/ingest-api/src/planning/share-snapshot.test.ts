import { aStore } from '@spillway/planning/testing';
import { expect, test } from 'vitest';
import { shareSnapshot } from './share-snapshot.ts';

function open(take = () => Promise.resolve(aStore())) {
  const clock = { nowMs: 0, taken: 0 };
  const read = shareSnapshot(
    () => {
      clock.taken += 1;
      return take();
    },
    () => clock.nowMs,
  );
  return { clock, read };
}

test('those who ask within a tenth of a second share one snapshot, and the next one is taken anew', async () => {
  const { clock, read } = open();
  const first = read();
  clock.nowMs = 99;
  expect(await read()).toBe(await first);
  clock.nowMs = 100;
  expect(await read()).not.toBe(await first);
  expect(clock.taken).toBe(2);
});

test('a snapshot that could not be taken is tried again by whoever asks next', async () => {
  const answers = [Promise.reject(new Error('the store is away')), Promise.resolve(aStore())];
  const { clock, read } = open(() => answers.shift() ?? Promise.resolve(aStore()));
  await expect(read()).rejects.toThrow('the store is away');
  expect(await read()).toEqual(aStore());
  expect(clock.taken).toBe(2);
});
