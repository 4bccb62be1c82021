import { assert, asyncProperty, constantFrom, integer, nat, record } from 'fast-check';
import { batchPaths } from '@spillway/batches';
import { hasBatchEnded } from '@spillway/core';
import type { Claim } from '@spillway/redis';
import { expect, test } from 'vitest';
import { workOnBatch } from './work-on-batch.ts';
import { createMortalProcess } from './testing/crashing.ts';
import { type BatchHouse, batchConfig, openBatchHouse } from './testing/open-batch-house.ts';
import { answering, createPlayEngine, failing } from './testing/play-engine.ts';
import { INTERFERENCES, interfere, playWorkers } from './testing/play-round.ts';
import { seeded } from './testing/seeded.ts';

const line = (index: number): string =>
  JSON.stringify({
    custom_id: `line-${index}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'small', messages: [{ role: 'user', content: `Question ${index}` }] },
  });

const scenario = record({
  lines: integer({ min: 1, max: 120 }),
  seed: nat(),
  /** The round in which somebody interferes, and how. */
  round: nat({ max: 8 }),
  interference: constantFrom(...INTERFERENCES),
  /** The calls a worker process lives for; each one after it as long. */
  callsToLive: integer({ min: 2, max: 40 }),
});

const NEVER = new AbortController().signal;

test('whatever dies, fails, expires or is cancelled: every line stands in the results once, and the counts are theirs', async () => {
  await using house = await openBatchHouse(batchConfig(32));
  const engine = createPlayEngine(house.store);
  await assert(
    asyncProperty(scenario, async ({ lines, seed, callsToLive, ...plan }) => {
      const random = seeded(seed);
      const input = `${Array.from({ length: lines }, (_, index) => line(index)).join('\n')}\n`;
      const { id, tenantId } = await house.createBatch(input);
      let running: Claim[] = [];
      let mortal = createMortalProcess(callsToLive, false);

      for (let now = 0; !hasBatchEnded((await house.one(id)).status); now += 1) {
        await interfere(house, engine, { id, tenantId }, plan, now, running);
        const { work, blobs, files } = house.deps;
        const deps = {
          ...house.deps,
          work: mortal.wrap(work),
          files: mortal.wrap(files),
          blobs: mortal.wrap(blobs),
        };
        await playWorkers(house, id, deps, random);
        if (mortal.isDead) mortal = createMortalProcess(callsToLive + random(20), random(2) === 0);

        running.push(...(await engine.start(1 + random(12))));
        const kept: Claim[] = [];
        for (const claim of running) {
          const fate = random(10);
          if (fate < 2) kept.push(claim);
          else await engine.settle(claim, fate === 2 ? failing : answering(claim));
        }
        running = kept;
        await engine.duties();
      }

      // Whoever dies after the end of a batch leaves it due: the next one takes its part files away.
      await house.makeDue(id);
      const last = await house.deps.work.take(10_000);
      if (last.kind === 'taken') await workOnBatch(house.deps, last.lease, NEVER);
      const parts = { tenantId, path: `${batchPaths(id).prefix}/parts` };
      expect(await Array.fromAsync(house.blobs.list(parts, { signal: NEVER }))).toEqual([]);

      const ended = await house.one(id);
      const output = await house.resultLines(ended.outputFileId);
      const errors = await house.resultLines(ended.errorFileId);
      const { counts } = ended;
      const ids = [...output, ...errors].map((result) => String(result['custom_id'])).toSorted();
      expect(ids).toEqual(Array.from({ length: lines }, (_, index) => `line-${index}`).toSorted());
      expect(counts.total).toBe(lines);
      expect(output).toHaveLength(counts.completed);
      expect(errors).toHaveLength(counts.failed + counts.cancelled + counts.expired);
      expect(ended.usage.inputTokens).toBe(10 * counts.completed);
      expect(await leftOf(house, id)).toEqual([]);
      expect(await house.linesUnderWay()).toBe(0);
    }),
    { numRuns: 40 },
  );
  expect(house.log.filter((text) => text.includes('batch.not_verified'))).toEqual([]);
}, 120_000);

/** Keys of jobs and of what a running batch needs: none, once it has ended. */
async function leftOf({ store }: BatchHouse, id: string): Promise<readonly string[]> {
  const { redis, keys } = store;
  const all = await redis.keys(`${keys.prefix.replace('{', '\\{')}*`);
  return all.filter(
    (key) => /:job:|:lane|clocks:|:live$|unseen|retry|batches:running/.test(key) || key.includes(`${id}:`),
  );
}
