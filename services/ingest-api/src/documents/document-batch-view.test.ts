import { documentBatchSchema } from '@spillway/contracts';
import { idFromUuid } from '@spillway/core';
import { expect, test } from 'vitest';
import { CREATED_AT_MS, sampleBatch, sampleDescription } from '../batches/batch-record.fixtures.ts';
import { etagOf, toDocumentBatch } from './document-batch-view.ts';

const options = {
  instruction: 'Summarise.',
  model: 'small',
  max_output_tokens: 64,
  class: 'batch',
  strategy: 'auto',
  privacy: 'auto',
  documents: 10,
};
const sample = (changes: Parameters<typeof sampleBatch>[0] = {}) =>
  sampleBatch({
    description: sampleDescription({ face: 'documents', inputFileId: undefined, options }),
    ...changes,
  });

test('matches the contract, and its tag changes with every document that ends', () => {
  const batch = documentBatchSchema.parse(toDocumentBatch(sample(), CREATED_AT_MS));
  expect(batch).toMatchObject({
    model: 'small',
    document_counts: { total: 10, completed: 2, failed: 1 },
    documents_per_second: 0.5,
    estimated_finish_at: '2030-01-01T00:00:14.000Z',
    usage: { input_tokens: 30, cost_usd: 0.00007 },
    retry_of: null,
  });
  expect(etagOf(sample({ version: 6 }))).not.toBe(etagOf(sample()));
});

test('counts what was sent before the store has counted it', () => {
  const counts = { total: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 };
  const batch = sample({ status: 'validating', counts });
  expect(toDocumentBatch(batch, CREATED_AT_MS).document_counts.total).toBe(10);
});

test('an ended batch says when, and where its results are', () => {
  const outputFileId = idFromUuid('FileId', '01990000-0000-7000-8000-000000000004');
  const ended = sample({ status: 'expired', endedAtMs: CREATED_AT_MS + 5000, outputFileId });
  expect(documentBatchSchema.parse(toDocumentBatch(ended, CREATED_AT_MS))).toMatchObject({
    status: 'expired',
    completed_at: '2030-01-01T00:00:05.000Z',
    output_file_id: outputFileId,
    estimated_finish_at: null,
  });
});
