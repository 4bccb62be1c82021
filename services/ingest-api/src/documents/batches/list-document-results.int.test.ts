import type { SeenDocumentResult } from '@spillway/contracts';
import type { LineOutcome } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';

const document = (line: number, output: unknown): LineOutcome =>
  sampleOutcome(line, {
    document: { name: `${line}.txt`, sha256: 'a'.repeat(64), pages: 2, chunks: 1, output },
  });
const files = ['a', 'b', 'c'].map((text) => ({ name: `${text}.txt`, text }));
const read = async (api: TestApi, path: string): Promise<readonly SeenDocumentResult[]> =>
  (await api.ask(path)).text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SeenDocumentResult);

describe('200: one line a document that has ended', () => {
  test('in the order in which they ended, each with its place in the batch and in that order', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files);
    await api.batchLife.begin(batch.id, 3);
    await api.batchLife.settle(batch.id, document(2, 'two'), failedOutcome(0));
    expect(await read(api, batch.results_url)).toMatchObject([
      { index: 2, seq: 0, document: '2.txt', pages: 2, output: 'two', status: 'completed', seconds: 1.5 },
      { index: 0, seq: 1, status: 'failed', output: null, error: { code: 'backend-timeout' } },
    ]);
    await api.batchLife.settle(batch.id, document(1, { sum: 3 }));
    await api.batchLife.end(batch.id);
    expect(await read(api, `${batch.results_url}?after=1`)).toMatchObject([
      { index: 1, seq: 2, output: { sum: 3 } },
    ]);
  });

  test('a wait follows the batch to its end', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files.slice(0, 1));
    const asked = api.ask(batch.results_url, { headers: { prefer: 'wait=30' } });
    await api.batchLife.begin(batch.id, 1);
    await api.batchLife.settle(batch.id, document(0, 'late'));
    await api.batchLife.end(batch.id);
    expect((await asked).text).toContain('"late"');
  });
});

test('the events of a document batch carry the batch as it is read', async () => {
  await using api = await openTestApi();
  const batch = await api.submitBatch(files);
  await api.batchLife.reject(batch.id, []);
  const { text } = await api.ask(batch.events_url);
  const [, data] = /^event: batch\nid: \d+\ndata: (.*)\n\n$/.exec(text) ?? [];
  expect(JSON.parse(data ?? '')).toMatchObject({ id: batch.id, object: 'document_batch', status: 'failed' });
});
