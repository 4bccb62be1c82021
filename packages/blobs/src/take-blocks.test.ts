import { expect, test } from 'vitest';
import { createBlockPool } from './block-pool.ts';
import { takeBlocks } from './take-blocks.ts';
import { UNENDING } from './testing/store-under-test.ts';

const intake = { signal: UNENDING, pool: createBlockPool(10, 2), inFlight: 2 };

test('no more blocks are on their way at a time than allowed, and the source waits for them', async () => {
  let running = 0;
  let most = 0;
  let given = 0;
  let ahead = 0;
  async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let count = 0; count < 10; count += 1) {
      given += 1;
      yield Buffer.alloc(10);
    }
  }
  let delivered = 0;
  await takeBlocks(source(), intake, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    delivered += 1;
    ahead = Math.max(ahead, given - delivered);
  });
  expect(most).toBe(2);
  expect(delivered).toBe(10);
  expect(ahead).toBeLessThanOrEqual(3);
});

test('a delivery that fails ends the intake, and none runs on afterwards', async () => {
  const failure = new Error('the disk is full');
  let running = 0;
  const deliver = async (_block: Uint8Array, index: number): Promise<void> => {
    running += 1;
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    running -= 1;
    if (index === 1) throw failure;
  };
  const source = Array.from({ length: 10 }, () => Buffer.alloc(10));
  await expect(takeBlocks(source, intake, deliver)).rejects.toBe(failure);
  expect(running).toBe(0);
});
