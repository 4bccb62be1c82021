import { openTestBlobStore, type TestBlobStore } from '@spillway/blobs/testing';
import { array, assert, asyncProperty, constantFrom, nat, tuple } from 'fast-check';
import type { LineOutcome } from '@spillway/core';
import { expect, test } from 'vitest';
import { batchPaths } from '../batch-paths.ts';
import { batchRecord } from '../testing/batch-world.ts';
import { BATCH_ID, outcomeOf, TENANT } from '../testing/outcomes.ts';
import { openFailedLines } from './open-failed-lines.ts';
import { encodeOutcome } from './outcome-text.ts';

const signal = new AbortController().signal;
const paths = batchPaths(BATCH_ID);

async function failedLines(
  { blobs }: TestBlobStore,
  input: string,
  outcomes: readonly LineOutcome[],
): Promise<string | undefined> {
  const journal = outcomes.map((outcome) => `${encodeOutcome(outcome)}\n`).join('');
  await blobs.write({ tenantId: TENANT, path: paths.input }, [Buffer.from(input)], { signal });
  await blobs.write({ tenantId: TENANT, path: paths.journal }, [Buffer.from(journal)], { signal });
  const batch = batchRecord(outcomes.length, 'completed');
  const lines = await openFailedLines({ batch, blobs, signal });
  return lines && Buffer.concat(await Array.fromAsync(lines)).toString('utf8');
}

test('are those of the input whose outcome is not completed, in its order, whatever the order of settling', async () => {
  await using store = await openTestBlobStore();
  const outcome = constantFrom<LineOutcome['outcome']>('completed', 'failed', 'cancelled', 'expired');
  const lines = array(tuple(outcome, nat()), { minLength: 1, maxLength: 40 });
  await assert(
    asyncProperty(lines, constantFrom('\n', '\r\n'), async (all, lineEnd) => {
      const input = all.map((_, line) => `{"custom_id":"r-${line}"}`);
      const settled = all
        .map(([ended, order], line) => ({ order, outcome: outcomeOf({ line, outcome: ended }) }))
        .toSorted((a, b) => a.order - b.order);
      const found = await failedLines(
        store,
        `\uFEFF${input.join(lineEnd)}`,
        settled.map((one) => one.outcome),
      );
      const expected = input.filter((_, line) => all[line]?.[0] !== 'completed');
      expect(found).toBe(expected.map((line) => `${line}\n`).join(''));
    }),
    { numRuns: 40 },
  );
});

test('are undefined when the journal or the input is gone', async () => {
  await using store = await openTestBlobStore();
  const options = { batch: batchRecord(1, 'completed'), blobs: store.blobs, signal };
  expect(await openFailedLines(options)).toBeUndefined();
  await failedLines(store, '{}\n', [outcomeOf({ line: 0 })]);
  await store.blobs.delete({ tenantId: TENANT, path: paths.input }, { signal });
  expect(await openFailedLines(options)).toBeUndefined();
});
