import { describe, expect, test } from 'vitest';
import type { BatchId } from '@spillway/core';
import type { BatchLease, LeasedBatch } from '@spillway/redis';
import { type BatchHouse, openBatchHouse, TENANT } from '../testing/open-batch-house.ts';
import { createPlayEngine, type PlayEngine } from '../testing/play-engine.ts';
import { advanceDocuments } from './advance-documents.ts';
import type { DocumentDeps, LineAdvance } from './document-deps.ts';
import {
  createDocumentBatch,
  documentConfig,
  leftOf,
  pagesOf,
  resultsOf,
  runToEnd,
  saying,
  workOnce,
} from './documents.fixtures.ts';

const LONG = { name: 'long.txt', content: pagesOf(3) };
const SHORT = { name: 'short.txt', content: 'Text.' };

async function openDocuments() {
  const house = await openBatchHouse(documentConfig(800));
  return {
    house,
    engine: createPlayEngine(house.store),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

/** Every job that waits runs and is answered; nobody has looked at that yet. */
async function answerAll(engine: PlayEngine): Promise<number> {
  const claims = await engine.start(1000);
  for (const claim of claims) await engine.settle(claim, saying('ok'));
  return claims.length;
}

async function take(house: BatchHouse, id: BatchId): Promise<{ lease: BatchLease; batch: LeasedBatch }> {
  await house.makeDue(id);
  const taking = await house.work.take(10_000);
  if (taking.kind !== 'taken') throw new Error('nothing is due');
  const batch = await house.work.view(taking.lease);
  if (batch === undefined) throw new Error('the lease is lost');
  return { lease: taking.lease, batch };
}

const advance = (deps: DocumentDeps, at: { lease: BatchLease; batch: LeasedBatch }) =>
  advanceDocuments(deps, { ...at, turn: { kind: 'advance' }, signal: new AbortController().signal });

/** Everything the store holds. */
async function contentOf({ store: { redis, keys } }: BatchHouse): Promise<Readonly<Record<string, string>>> {
  const names = (await redis.keys(`${keys.prefix.replace('{', '\\{')}*`)).toSorted();
  const dumps = await Promise.all(
    names.map(async (name) => (await redis.dumpBuffer(name)).toString('base64')),
  );
  return Object.fromEntries(names.map((name, index) => [name, dumps[index] ?? '']));
}

test('a worker that lost its lease changes nothing, and the one that has it goes on', async () => {
  await using documents = await openDocuments();
  const { house, engine } = documents;
  const { id } = await createDocumentBatch(house, [LONG]);
  await workOnce(house, id);
  expect(await answerAll(engine)).toBe(3);
  const stale = await take(house, id);
  const current = await take(house, id);
  const before = await contentOf(house);
  await advance(house.deps, stale);
  expect(await contentOf(house)).toEqual(before);
  await advance(house.deps, current);
  expect(await answerAll(engine)).toBe(1);
});

test('what is written twice is there once', async () => {
  await using documents = await openDocuments();
  const { house, engine } = documents;
  const { id } = await createDocumentBatch(house, [LONG]);
  await workOnce(house, id);
  await answerAll(engine);
  const current = await take(house, id);
  let sent: LineAdvance | undefined;
  const recording: DocumentDeps['work'] = {
    ...house.work,
    advance: (lease, record, lines) => {
      sent = lines;
      return house.work.advance(lease, record, lines);
    },
  };
  await advance({ ...house.deps, work: recording }, current);
  if (sent === undefined) throw new Error('nothing was sent');
  const after = await contentOf(house);
  expect(await house.work.advance(current.lease, current.batch.record, sent)).toBe('moved');
  expect(await contentOf(house)).toEqual(after);
});

test('the steps of a paused batch wait until it is resumed', async () => {
  await using documents = await openDocuments();
  const { house, engine } = documents;
  const { id } = await createDocumentBatch(house, [LONG]);
  await workOnce(house, id);
  const running = await engine.start(10);
  await house.batches.setPaused(id, TENANT, true);
  await workOnce(house, id);
  for (const claim of running) await engine.settle(claim, saying('ok'));
  await workOnce(house, id);
  expect(await engine.start(10)).toEqual([]);
  await house.batches.setPaused(id, TENANT, false);
  const seen = await runToEnd(house, engine, id, () => saying('The whole.'));
  expect(seen).toHaveLength(1);
  expect(await resultsOf(house, id)).toMatchObject([{ output: 'The whole.' }]);
});

describe('a batch that is cancelled, or whose time is over', () => {
  const interferences = {
    cancelled: async ({ batches }: BatchHouse, id: BatchId) => {
      await batches.requestCancel(id, TENANT);
    },
    expired: async ({ store: { redis, keys } }: BatchHouse, id: BatchId) => {
      await redis.hset(keys.batch(id), 'expires_at_ms', 1);
    },
  };
  test.each(['cancelled', 'expired'] as const)(
    'completes the documents whose last step is done, and the others are %s with what they used',
    async (outcome) => {
      await using documents = await openDocuments();
      const { house, engine } = documents;
      const { id } = await createDocumentBatch(house, [LONG, SHORT]);
      await workOnce(house, id);
      await answerAll(engine);
      await interferences[outcome](house, id);
      expect(await runToEnd(house, engine, id, () => saying('never asked'))).toEqual([]);
      expect(await resultsOf(house, id)).toMatchObject([
        { document: 'long.txt', chunks: 3, status: outcome, output: null, usage: { input_tokens: 30 } },
        { document: 'short.txt', chunks: 1, status: 'completed', output: 'ok' },
      ]);
      expect(await house.one(id)).toMatchObject({ status: outcome, counts: { completed: 1, [outcome]: 1 } });
      expect(await leftOf(house, id)).toEqual([]);
    },
  );

  test('waits for no step that runs', async () => {
    await using documents = await openDocuments();
    const { house, engine } = documents;
    const { id } = await createDocumentBatch(house, [LONG]);
    await workOnce(house, id);
    await engine.start(2);
    await house.batches.requestCancel(id, TENANT);
    await workOnce(house, id);
    expect(await resultsOf(house, id)).toMatchObject([{ status: 'cancelled', error: null }]);
    expect(await leftOf(house, id)).toEqual([]);
  });
});
