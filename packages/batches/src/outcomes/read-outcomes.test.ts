import { openTestBlobStore } from '@spillway/blobs/testing';
import { array, assert, asyncProperty, constant, nat, oneof } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchStep, batchRecord, createBatchWorld } from '../testing/batch-world.ts';
import { readOutcomes } from './read-outcomes.ts';

const signal = new AbortController().signal;
const batch = batchRecord(0, 'in_progress');

const step = oneof(
  { weight: 6, arbitrary: constant<BatchStep>('settle') },
  { weight: 3, arbitrary: constant<BatchStep>('drain') },
  { weight: 1, arbitrary: constant<BatchStep>('end') },
  { weight: 3, arbitrary: constant<BatchStep>('nothing') },
);
const plans = array(step, { maxLength: 80 });

describe('readOutcomes', () => {
  test('a follower gets every outcome once and in order, whatever happens between its calls', async () => {
    await using opened = await openTestBlobStore();
    const { blobs } = opened;
    await assert(
      asyncProperty(plans, nat(30), nat(12), async (plan, total, from) => {
        await blobs.deletePrefix({ tenantId: batch.tenantId, path: '' }, { signal });
        const { store, texts } = createBatchWorld(blobs, total, plan);
        const read = readOutcomes({ batch, from, blobs, store, follow: true, signal, pollMs: 0 });
        expect(await Array.fromAsync(read)).toEqual(texts.slice(from));
      }),
      { numRuns: 80 },
    );
  });

  test('without following, everything that had settled is there, in order, and nothing twice', async () => {
    await using opened = await openTestBlobStore();
    const { blobs } = opened;
    await assert(
      asyncProperty(plans, nat(30), nat(12), nat(30), async (plan, total, from, begun) => {
        await blobs.deletePrefix({ tenantId: batch.tenantId, path: '' }, { signal });
        const { store, texts, settled, advance } = createBatchWorld(blobs, total, plan);
        await advance(begun);
        const before = settled();
        const options = { batch, from, blobs, store, follow: false, signal, pollMs: 0 };
        const found = await Array.fromAsync(readOutcomes(options));
        expect(found).toEqual(texts.slice(from, from + found.length));
        expect(found.length).toBeGreaterThanOrEqual(Math.max(0, before - from));
      }),
      { numRuns: 80 },
    );
  });

  test('goes on from part to part and on to the tail, however many there are', async () => {
    await using opened = await openTestBlobStore();
    const { blobs } = opened;
    const pairs = Array.from({ length: 40 }, (): BatchStep[] => ['settle', 'drain']).flat();
    const { store, texts, advance } = createBatchWorld(blobs, 50, [
      ...pairs,
      ...Array.from({ length: 100 }, (): BatchStep => 'nothing'),
    ]);
    await advance(80);
    const options = { batch, from: 3, blobs, store, follow: false, signal, pollMs: 0 };
    expect(await Array.fromAsync(readOutcomes(options))).toEqual(texts.slice(3, 40));
  });

  test('a batch that is gone has no outcomes', async () => {
    await using opened = await openTestBlobStore();
    const gone = { ...createBatchWorld(opened.blobs, 3, []).store, one: async () => undefined };
    const options = { batch, from: 0, blobs: opened.blobs, store: gone, follow: true, signal, pollMs: 0 };
    expect(await Array.fromAsync(readOutcomes(options))).toEqual([]);
  });

  test('a follower that waits ends with the reason of an abort', async () => {
    await using opened = await openTestBlobStore();
    const stop = new AbortController();
    const plan = Array.from({ length: 1000 }, (): BatchStep => 'nothing');
    const { store } = createBatchWorld(opened.blobs, 3, plan);
    const hearing = {
      ...store,
      settled: async () => (queueMicrotask(() => stop.abort(new Error('gone'))), []),
    };
    const options = { batch, from: 0, blobs: opened.blobs, store: hearing, follow: true, pollMs: 60_000 };
    await expect(Array.fromAsync(readOutcomes({ ...options, signal: stop.signal }))).rejects.toThrow('gone');
  });

  test('a part file that does not hold what it should is no part of an answer', async () => {
    await using opened = await openTestBlobStore();
    const path = 'batches/damaged.jsonl';
    await opened.blobs.write({ tenantId: batch.tenantId, path }, [Buffer.from('{}\n')], { signal });
    const { store } = createBatchWorld(opened.blobs, 3, ['nothing', 'nothing', 'nothing', 'nothing']);
    const damaged = { ...store, parts: async () => [{ from: 0, count: 2, path }] };
    const options = { batch, from: 0, blobs: opened.blobs, store: damaged, follow: true, signal, pollMs: 0 };
    await expect(Array.fromAsync(readOutcomes(options))).rejects.toThrow('does not hold 2 outcomes');
  });
});
