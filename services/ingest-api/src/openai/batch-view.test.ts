import { batchObjectSchema } from '@spillway/contracts';
import { BATCH_STATUSES, hasBatchEnded, idFromUuid } from '@spillway/core';
import { expect, test } from 'vitest';
import { CREATED_AT_MS, sampleBatch, sampleDescription } from '../batches/batch-record.fixtures.ts';
import { toBatchObject } from './batch-view.ts';

const NOW_MS = CREATED_AT_MS + 5000;

test('tells tokens as OpenAI counts them, and when the rest will have ended', () => {
  const batch = batchObjectSchema.parse(toBatchObject(sampleBatch(), NOW_MS));
  expect(batch).toMatchObject({
    created_at: CREATED_AT_MS / 1000,
    usage: {
      input_tokens: 30,
      input_tokens_details: { cached_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 50,
    },
    lines_per_second: 0.5,
    estimated_finish_at: (NOW_MS + 14_000) / 1000,
    errors: null,
  });
});

test('whatever did not complete counts as failed: it is a line of the error file', () => {
  const counts = { total: 10, completed: 1, failed: 2, cancelled: 3, expired: 4 };
  expect(toBatchObject(sampleBatch({ counts }), NOW_MS).request_counts).toEqual({
    total: 10,
    completed: 1,
    failed: 9,
  });
});

test.each(BATCH_STATUSES)('a batch that is %s tells when it ended under that name alone', (status) => {
  const endedAtMs = hasBatchEnded(status) ? NOW_MS : undefined;
  const body = batchObjectSchema.parse(toBatchObject(sampleBatch({ status, endedAtMs }), NOW_MS));
  const { completed_at, failed_at, expired_at, cancelled_at } = body;
  const told = Object.entries({
    completed: completed_at,
    failed: failed_at,
    expired: expired_at,
    cancelled: cancelled_at,
  });
  expect(told.filter(([, at]) => at !== null)).toEqual(
    hasBatchEnded(status) ? [[status, NOW_MS / 1000]] : [],
  );
});

test('mistakes of the input and the batch it retries are told', () => {
  const mistakes = [{ code: 'empty_file', message: 'no lines', param: null, line: null }];
  const retryOf = idFromUuid('BatchId', '01990000-0000-7000-8000-000000000009');
  const description = sampleDescription({ retryOf, metadata: { a: 'b' } });
  expect(
    batchObjectSchema.parse(toBatchObject(sampleBatch({ mistakes, description }), NOW_MS)),
  ).toMatchObject({ errors: { object: 'list', data: mistakes }, retry_of: retryOf, metadata: { a: 'b' } });
});

test('a batch of another face is not shown as one of this', () => {
  const description = sampleDescription({ inputFileId: undefined });
  expect(() => toBatchObject(sampleBatch({ description }), NOW_MS)).toThrow('no input file');
});
