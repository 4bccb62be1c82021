import { hasBatchEnded } from '@spillway/core';
import type { Claim, Settlement } from '@spillway/redis';
import { array, assert, asyncProperty, boolean, constantFrom, integer, nat, record } from 'fast-check';
import { expect, test } from 'vitest';
import { createMortalProcess } from '../testing/crashing.ts';
import { type BatchHouse, openBatchHouse } from '../testing/open-batch-house.ts';
import { createPlayEngine } from '../testing/play-engine.ts';
import { INTERFERENCES, interfere, playWorkers } from '../testing/play-round.ts';
import { seeded } from '../testing/seeded.ts';
import {
  createDocumentBatch,
  documentConfig,
  documentOptions,
  leftOf,
  pagesOf,
  refusing,
  resultsOf,
  said,
  saying,
  type SentDocument,
  TOTAL_SCHEMA,
} from './documents.fixtures.ts';

const scenario = record({
  kinds: array(constantFrom('short', 'pages', 'many pages', 'blank', 'lost'), {
    minLength: 1,
    maxLength: 12,
  }),
  withSchema: boolean(),
  seed: nat(),
  /** The round in which somebody interferes, and how. */
  round: nat({ max: 8 }),
  interference: constantFrom(...INTERFERENCES),
  /** The calls a worker process lives for. */
  callsToLive: integer({ min: 2, max: 40 }),
});

const CONTENT = {
  short: 'Total: 7',
  pages: pagesOf(3),
  'many pages': pagesOf(11),
  blank: ' \n',
  lost: 'gone',
} as const;

test('whatever dies, fails, is refused, expires or is cancelled between two steps: every document stands in the results once, and nothing is left', async () => {
  await using house = await openBatchHouse(documentConfig(800));
  const engine = createPlayEngine(house.store);
  await assert(
    asyncProperty(scenario, async ({ kinds, withSchema, seed, callsToLive, ...plan }) => {
      const random = seeded(seed);
      const documents = kinds.map((kind, index): SentDocument => ({
        name: `${index}.txt`,
        content: CONTENT[kind],
        isLost: kind === 'lost',
      }));
      const options = documentOptions({
        instruction: 'The total of {{filename}}.',
        ...(withSchema && { schema: TOTAL_SCHEMA }),
      });
      const answered = new Map<string, number>();
      const { id, tenantId } = await createDocumentBatch(house, documents, options);
      let running: Claim[] = [];
      let mortal = createMortalProcess(callsToLive, false);

      for (let now = 0; !hasBatchEnded((await house.one(id)).status); now += 1) {
        await interfere(house, engine, { id, tenantId }, plan, now, running);
        const deps = {
          ...house.deps,
          work: mortal.wrap(house.deps.work),
          blobs: mortal.wrap(house.deps.blobs),
        };
        await playWorkers(house, id, deps, random);
        if (mortal.isDead) mortal = createMortalProcess(callsToLive + random(20), random(2) === 0);
        expect(await windowBytes(house, id)).toEqual(await requestBytes(house));
        expect(await gone(house, id)).toEqual([]);

        running.push(...(await engine.start(1 + random(12))));
        const kept: Claim[] = [];
        for (const claim of running) {
          expect(said(claim.request, 'user')).not.toMatch(/^Answer \d+ of \d+:\n(?:\n|$)/mu);
          if (random(5) === 0) {
            kept.push(claim);
            continue;
          }
          const answer = answerOf(claim, random);
          const name = /The total of (\S+)\.\s/u.exec(`${said(claim.request, 'system')}\n`)?.[1] ?? '';
          if (answer.kind === 'completed') answered.set(name, (answered.get(name) ?? 0) + 1);
          await engine.settle(claim, answer);
        }
        running = kept;
        await engine.duties();
      }

      const { counts } = await house.one(id);
      const results = await resultsOf(house, id);
      expect(results.map(({ index }) => index)).toEqual(kinds.map((_kind, index) => index));
      for (const outcome of ['completed', 'failed', 'cancelled', 'expired'] as const) {
        expect(results.filter(({ status }) => status === outcome)).toHaveLength(counts[outcome]);
      }
      const completed = results.filter(({ status }) => status === 'completed');
      // Every answer was counted, and once.
      expect(completed.map(({ output, usage }) => [output, usage?.input_tokens])).toEqual(
        completed.map(({ document }) => [
          withSchema ? { total: 7 } : '{"total": 7}',
          10 * (answered.get(document) ?? 0),
        ]),
      );
      const others = results.filter(({ status }) => status !== 'completed');
      expect(others.filter(({ output }) => output !== null)).toEqual([]);
      expect(await leftOf(house, id)).toEqual([]);
      expect(await house.linesUnderWay()).toBe(0);
    }),
    { numRuns: 25 },
  );
  expect(house.log.filter((text) => text.includes('batch.not_verified'))).toEqual([]);
}, 120_000);

/** Right, mostly; else wrong, refused or broken. */
function answerOf({ request }: Claim, random: (below: number) => number): Settlement {
  const fate = random(12);
  if (fate === 0) return refusing('backend-error', 'broken');
  if (fate < 3 && request['response_format'] !== undefined) return refusing('invalid-request', 'no formats');
  if (fate === 3 && request['response_format'] !== undefined) return saying('seven');
  return saying('{"total": 7}');
}

/** Jobs that the batch waits for and that are not there. */
async function gone({ store }: BatchHouse, id: string): Promise<readonly string[]> {
  const { redis, keys } = store;
  const open = await redis.smembers(`${keys.prefix}batch:${id}:open`);
  const found = await Promise.all(open.map((job) => redis.exists(`${keys.prefix}job:${job}`)));
  return open.filter((_job, index) => found[index] === 0);
}

/** What the batch is said to have in the lanes and waiting for other steps. */
async function windowBytes({ store }: BatchHouse, id: string): Promise<number> {
  return Number((await store.redis.hget(`${store.keys.prefix}batch:${id}`, 'window_bytes')) ?? '0');
}

async function requestBytes({ store }: BatchHouse): Promise<number> {
  const { redis, keys } = store;
  const names = await redis.keys(`${keys.prefix.replace('{', '\\{')}job:*:request`);
  const lengths = await Promise.all(names.map((name) => redis.strlen(name)));
  return lengths.reduce((sum, length) => sum + length, 0);
}
