import { randomUUID } from 'node:crypto';
import { idFromUuid } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { openTestStore } from '../testing/open-test-store.ts';
import { createBatchReader } from './read-batch.ts';
import { createSubmitBatch } from './submit-batch.ts';
import { NOTHING, completed, leftBehind, newJob, openLife, tenant } from '../jobs/job-life.fixtures.ts';

describe('a batch', () => {
  test('counts the end of each document, and its own end makes one event', async () => {
    await using store = await openTestStore();
    const life = openLife(store);
    const submitBatch = createSubmitBatch(store.redis, store.keys);
    const batches = createBatchReader(store.redis, store.keys);
    const id = idFromUuid('BatchId', randomUUID());
    const jobs = [newJob(), newJob()];
    const reply = await submitBatch(
      {
        id,
        tenantId: tenant,
        description: { model: 'auto', metadata: null },
        webhook: { url: 'http://127.0.0.1:9/' },
        retainMs: 60_000,
        items: [
          ...jobs.map((job, index) => ({ document: `${index}.txt`, sha256: 'aa', job })),
          { document: 'empty.txt', sha256: 'bb', error: { code: 'empty', detail: 'nothing in it' } },
        ],
      },
      10,
      { key: 'batch', bodyHash: 'h', keepMs: 1000 },
    );
    expect(reply).toEqual({ kind: 'accepted', record: await batches.one(id) });
    expect(await batches.one(id)).toMatchObject({ status: 'in_progress', counts: { total: 3, failed: 1 } });
    await life.beat();
    const claim = await life.run(jobs[0] ?? newJob());
    await life.settle(claim.lease, completed);
    expect(await store.redis.xlen(store.keys.events)).toBe(0);
    await life.cancel(jobs[1]?.id ?? newJob().id, tenant);
    expect(await batches.one(id)).toMatchObject({
      status: 'completed',
      counts: { total: 3, completed: 1, failed: 1, cancelled: 1, expired: 0 },
    });
    expect(await store.redis.xlen(store.keys.events)).toBe(1);
    expect(await batches.items(id, 0, 10)).toMatchObject([
      { job: jobs[0]?.id },
      {},
      { error: { code: 'empty' } },
    ]);
    expect(await leftBehind(store)).toEqual(NOTHING);
  });
});
