import { documentBatchSchema, documentResultSchema } from '@spillway/contracts';
import { idFromUuid, JOB_STATE_KINDS, isTerminal, type BackendId, type TenantId } from '@spillway/core';
import type { BatchRecord, JobRecord } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { batchEtagOf, toBatchBody, toDocumentResult } from './batch-view.ts';

const jobId = idFromUuid('JobId', '01990000-0000-7000-8000-000000000001');
const batch: BatchRecord = {
  id: idFromUuid('BatchId', '01990000-0000-7000-8000-000000000002'),
  tenantId: 'acme' as TenantId,
  status: 'in_progress',
  description: { model: 'small', metadata: { a: 'b' } },
  createdAtMs: Date.UTC(2030, 0, 1),
  completedAtMs: undefined,
  counts: { total: 3, completed: 1, failed: 0, cancelled: 0, expired: 0 },
};
const item = { document: 'a.txt', sha256: 'a'.repeat(64), job: jobId };
const job = (changes: Partial<JobRecord> = {}): JobRecord => ({
  id: jobId,
  tenantId: 'acme' as TenantId,
  lane: { jobClass: 'batch', modelGroup: 'small', tenantId: 'acme' as TenantId, pinned: false },
  state: 'completed',
  version: 1,
  fence: 1,
  features: { endpoint: '/v1/chat/completions', strategy: 'auto', inputTokens: 1, outputTokens: 1 },
  description: { findings: [], metadata: null },
  batchId: batch.id,
  createdAtMs: 1000,
  deadlineAtMs: 9000,
  startedAtMs: 1500,
  finishedAtMs: 3500,
  attempts: [],
  result: { statusCode: 200, body: { choices: [{ message: { content: 'out' } }] } },
  usage: undefined,
  servedBy: { backend: 'gpu-0' as BackendId, location: 'local', model: 'small', simulated: true },
  error: undefined,
  ...changes,
});
const servedByCloud = { backend: 'c' as BackendId, location: 'cloud', model: 'm', simulated: true } as const;

describe('a batch on the wire', () => {
  test('matches the contract, and its tag changes with every document that ends', () => {
    expect(documentBatchSchema.parse(toBatchBody(batch))).toMatchObject({ document_counts: batch.counts });
    const more = { ...batch, counts: { ...batch.counts, failed: 1 } };
    expect(batchEtagOf(batch)).toMatch(/^"[\w-]+"$/);
    expect(batchEtagOf(more)).not.toBe(batchEtagOf(batch));
  });
});

describe('the line of a document', () => {
  test.each(JOB_STATE_KINDS)('a job that is %s has a line exactly when it has ended', (state) => {
    const line = toDocumentResult(item, job({ state }), undefined);
    const status = line === undefined ? undefined : documentResultSchema.parse(line).status;
    expect(status).toBe(isTerminal(state) ? state : undefined);
  });

  test('tells the text, the time it took, and where it ran', () => {
    expect(toDocumentResult(item, job(), undefined)).toMatchObject({
      output: 'out',
      seconds: 2.5,
      why: 'local had room',
      served_by: { backend: 'gpu-0' },
    });
  });

  test.each([
    ['overflow', servedByCloud, 'overflow', 'local queue full'],
    ['cloud only', servedByCloud, 'cloud-only', 'cloud asked for'],
    ['a job that never ran', undefined, undefined, null],
  ])('says why it ran there: %s', (_what, servedBy, trigger, why) => {
    expect(toDocumentResult(item, job({ servedBy }), trigger)).toMatchObject({ why });
  });

  test('says why it was pinned, by the kinds found and never the data', () => {
    const lane = { ...job().lane, pinned: true };
    const found = job({ lane, description: { findings: ['card', 'email'], metadata: null } });
    expect(toDocumentResult(item, found, undefined)).toMatchObject({ why: 'pinned: card, email' });
    expect(toDocumentResult(item, job({ lane }), undefined)).toMatchObject({ why: 'pinned on request' });
  });

  test.each([
    ['no choices', {}],
    ['an empty list', { choices: [] }],
    ['no message', { choices: [{}] }],
    ['parts', { choices: [{ message: { content: [{ text: 'x' }] } }] }],
    ['null', { choices: [null] }],
  ])('an answer of %s has no text and stops nothing', (_what, body) => {
    const line = toDocumentResult(item, job({ result: { statusCode: 200, body } }), undefined);
    expect(documentResultSchema.parse(line).output).toBeNull();
  });

  test('a document without a job has its own error, and a forgotten job says so', () => {
    const unread = { document: 'a.pdf', sha256: 'b', error: { code: 'unsupported-format', detail: 'a PDF' } };
    expect(documentResultSchema.parse(toDocumentResult(unread, undefined, undefined))).toMatchObject({
      status: 'failed',
      job_id: null,
      error: unread.error,
    });
    expect(documentResultSchema.parse(toDocumentResult(item, undefined, undefined))).toMatchObject({
      status: 'expired',
      error: { code: 'forgotten' },
    });
  });
});
