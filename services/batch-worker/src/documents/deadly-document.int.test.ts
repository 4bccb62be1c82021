import { expect, test } from 'vitest';
import { openBatchHouse } from '../testing/open-batch-house.ts';
import { createPlayEngine } from '../testing/play-engine.ts';
import { createDocumentBatch, documentConfig, resultsOf, runToEnd, saying } from './documents.fixtures.ts';

const DOCUMENTS = [
  { name: 'deadly.txt', content: 'Nobody survives this.' },
  { name: 'harmless.txt', content: 'Some text.' },
];

async function endAfter(deaths: number, isDeath: boolean): Promise<readonly (readonly [string, string])[]> {
  await using house = await openBatchHouse(documentConfig(800));
  const engine = createPlayEngine(house.store);
  const { id } = await createDocumentBatch(house, DOCUMENTS);
  for (let death = 0; death < deaths; death += 1) {
    await house.makeDue(id);
    const taking = await house.work.take(10_000);
    if (taking.kind !== 'taken') throw new Error('nothing is due');
    // As far as it got; whose turn failed and who lives gives the batch back.
    await house.work.noteReading(taking.lease, 0);
    if (!isDeath) await house.work.release(taking.lease, 0);
  }
  await runToEnd(house, engine, id, () => saying('A summary.'));
  const results = await resultsOf(house, id);
  return results
    .map(({ document, status }) => [document, status] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
}

const BOTH_COMPLETED = [
  ['deadly.txt', 'completed'],
  ['harmless.txt', 'completed'],
];

test('a document that four processes died of is given up, and the others go on', async () => {
  expect(await endAfter(4, true)).toEqual([
    ['deadly.txt', 'failed'],
    ['harmless.txt', 'completed'],
  ]);
});

test('fewer deaths may have been something else', async () => {
  expect(await endAfter(3, true)).toEqual(BOTH_COMPLETED);
});

test('a turn that failed is no death, however often', async () => {
  expect(await endAfter(10, false)).toEqual(BOTH_COMPLETED);
});
