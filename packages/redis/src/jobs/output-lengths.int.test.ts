import { learnOutputLength, type OutputLength, outputLengthKey, type TenantId } from '@spillway/core';
import { array, assert, asyncProperty, integer, oneof, constantFrom } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutputLengths } from '../scheduling/read-output-lengths.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { completed, newJob, noLimit, openLife, tenant } from './job-life.fixtures.ts';

/** Jobs that end with answers of so many tokens. */
async function openAnswers(store: TestStore) {
  const life = openLife(store);
  await life.beat();
  return {
    read: createOutputLengths(store.redis, store.keys, 0),
    answer: async (outputTokens: number, task = 'chat', tenantId = tenant, modelGroup = 'llama3.2:3b') => {
      const { lane, features } = newJob();
      const job = newJob({ lane: { ...lane, tenantId, modelGroup }, features: { ...features, task } });
      await life.submit(job, noLimit, undefined);
      const { lease } = await life.run(job);
      await life.settle(lease, { ...completed, usage: { ...completed.usage, outputTokens } });
    },
  };
}

const tokens = oneof(integer({ min: 1, max: 4000 }), constantFrom(1, 2, 100_000, 2_000_000));

describe('lengths of answers', () => {
  test('are learned in Redis as the core learns them, to the last digit', async () => {
    await assert(
      asyncProperty(array(tokens, { minLength: 1, maxLength: 40 }), async (answers) => {
        await using store = await openTestStore();
        const { answer, read } = await openAnswers(store);
        let length: OutputLength | undefined;
        for (const each of answers) {
          await answer(each);
          length = learnOutputLength(length, each);
        }
        expect((await read()).get(outputLengthKey('*', 'llama3.2:3b', '*'))).toEqual(length);
      }),
      { numRuns: 20 },
    );
  });

  test('are known of the model, of the tenant there, and of its tasks; by the name the client asked for', async () => {
    await using store = await openTestStore();
    const { answer, read } = await openAnswers(store);
    await answer(10, 'chat');
    await answer(20, 'summary');
    await answer(30, 'chat', 'other' as TenantId);
    await answer(40, 'chat', tenant, 'another one');
    const lengths = [...(await read())].map(([key, { samples }]) => [key, samples]);
    expect(Object.fromEntries(lengths)).toEqual({
      [outputLengthKey('*', 'llama3.2:3b', '*')]: 3,
      [outputLengthKey(tenant, 'llama3.2:3b', '*')]: 2,
      [outputLengthKey(tenant, 'llama3.2:3b', 'chat')]: 1,
      [outputLengthKey(tenant, 'llama3.2:3b', 'summary')]: 1,
      [outputLengthKey('other' as TenantId, 'llama3.2:3b', '*')]: 1,
      [outputLengthKey('other' as TenantId, 'llama3.2:3b', 'chat')]: 1,
      [outputLengthKey('*', 'another one', '*')]: 1,
      [outputLengthKey(tenant, 'another one', '*')]: 1,
      [outputLengthKey(tenant, 'another one', 'chat')]: 1,
    });
  });

  test('are not learned from what has no answer', async () => {
    await using store = await openTestStore();
    const { answer, read } = await openAnswers(store);
    await answer(0);
    expect([...(await read())]).toEqual([]);
  });

  test('of no more than 10,000 kinds are kept, and those go on being learned', async () => {
    await using store = await openTestStore();
    const { answer, read } = await openAnswers(store);
    await answer(10);
    const others = Array.from({ length: 9997 }, (_, index) => [`other x ${index}`, '1 2 1 1']).flat();
    await store.redis.hset(`${store.keys.prefix}lengths`, ...others);
    await answer(20, 'another');
    const lengths = await read();
    expect(lengths.size).toBe(10_000);
    expect(lengths.get(outputLengthKey(tenant, 'llama3.2:3b', 'another'))).toBeUndefined();
    expect(lengths.get(outputLengthKey(tenant, 'llama3.2:3b', '*'))?.samples).toBe(2);
  });
});
