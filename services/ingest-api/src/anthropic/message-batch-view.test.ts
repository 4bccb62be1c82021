import { messageBatchSchema } from '@spillway/contracts';
import { BATCH_STATUSES, hasBatchEnded } from '@spillway/core';
import { expect, test } from 'vitest';
import { CREATED_AT_MS, sampleBatch, sampleDescription } from '../batches/batch-record.fixtures.ts';
import { parseMessageBatchId, toMessageBatch, toMessageBatchId } from './message-batch-view.ts';

const ORIGIN = 'https://spillway.example.com';

test('an id is the same id under their prefix, there and back; nothing else is one', () => {
  const { id } = sampleBatch();
  expect(toMessageBatchId(id)).toBe(`msg${id}`);
  expect(parseMessageBatchId(toMessageBatchId(id))).toBe(id);
  expect([id, 'msgbatch_1', `msgbatch_${'u'.repeat(26)}`, ''].map(parseMessageBatchId)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('every status has one of the three words, and only an ended batch has results', () => {
  const shown = BATCH_STATUSES.map((status) => {
    const endedAtMs = hasBatchEnded(status) ? CREATED_AT_MS : undefined;
    return messageBatchSchema.parse(toMessageBatch(sampleBatch({ status, endedAtMs }), ORIGIN));
  });
  expect(shown.map(({ processing_status }) => processing_status)).toEqual([
    'in_progress',
    'in_progress',
    'in_progress',
    'canceling',
    'ended',
    'ended',
    'ended',
    'ended',
  ]);
  for (const { processing_status, results_url, ended_at, id } of shown) {
    const isOver = processing_status === 'ended';
    expect(results_url).toBe(isOver ? `${ORIGIN}/v1/messages/batches/${id}/results` : null);
    expect(ended_at !== null).toBe(isOver);
  }
});

test('all requests count as processing until the batch has ended, and their sum stays the same', () => {
  const counts = { total: 10, completed: 1, failed: 2, cancelled: 3, expired: 4 };
  expect(toMessageBatch(sampleBatch({ counts }), ORIGIN).request_counts).toEqual({
    processing: 10,
    succeeded: 0,
    errored: 0,
    canceled: 0,
    expired: 0,
  });
  const ended = sampleBatch({ counts, status: 'cancelled', endedAtMs: CREATED_AT_MS });
  expect(toMessageBatch(ended, ORIGIN).request_counts).toEqual({
    processing: 0,
    succeeded: 1,
    errored: 2,
    canceled: 3,
    expired: 4,
  });
});

test('before its lines are counted a batch tells how many were sent', () => {
  const description = sampleDescription({ face: 'anthropic', options: { requests: 7 } });
  const counts = { total: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 };
  const batch = sampleBatch({ status: 'validating', counts, description });
  expect(toMessageBatch(batch, ORIGIN).request_counts.processing).toBe(7);
});
