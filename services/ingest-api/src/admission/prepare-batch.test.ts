import { createHash } from 'node:crypto';
import { createDocumentBatchOptionsSchema } from '@spillway/contracts';
import { idFromUuid, type TenantId } from '@spillway/core';
import { expect, test } from 'vitest';
import { testConfig } from '../testing/samples.ts';
import { prepareBatch, type SentDocument } from './prepare-batch.ts';

const id = idFromUuid('BatchId', '01990000-0000-7000-8000-000000000001');
const jobId = idFromUuid('JobId', '01990000-0000-7000-8000-000000000002');

function prepare(files: readonly SentDocument[], options: Record<string, unknown> = {}) {
  const parsed = createDocumentBatchOptionsSchema.parse({
    instruction: 'Sum up.',
    model: 'small',
    ...options,
  });
  const deps = { config: testConfig(), tenantId: 'acme' as TenantId, newJobId: () => jobId };
  return prepareBatch(id, parsed, files, deps);
}

test('a document that can be read is a job, one that cannot is an error, in the order they were sent', async () => {
  const batch = await prepare([new File(['%PDF-'], 'a.pdf'), new File(['hello'], 'b.txt')]);
  expect(batch).toMatchObject({
    ok: true,
    value: {
      id,
      items: [
        { document: 'a.pdf', error: { code: 'unsupported-format' } },
        {
          document: 'b.txt',
          sha256: createHash('sha256').update('hello').digest('hex'),
          job: {
            id: jobId,
            lane: { jobClass: 'batch', modelGroup: 'small', tenantId: 'acme', pinned: false },
          },
        },
      ],
    },
  });
});

test('options of the batch are options of each of its jobs; webhook and metadata stay with the batch', async () => {
  const webhook = { url: 'https://example.com/hook' };
  const options = { deadline_seconds: 60, retain_seconds: 90, webhook, metadata: { a: 'b' } };
  expect(await prepare([new File(['hello'], 'b.txt')], options)).toMatchObject({
    ok: true,
    value: {
      webhook,
      retainMs: 90_000,
      description: { model: 'small', metadata: { a: 'b' } },
      items: [
        {
          job: { deadlineMs: 60_000, retainMs: 90_000, webhook: undefined, description: { metadata: null } },
        },
      ],
    },
  });
});

test('a document that cloud_only keeps from running is named in the refusal', async () => {
  const files = [new File(['hello'], 'a.txt'), new File(['Card 4111 1111 1111 1111'], 'b.txt')];
  expect(await prepare(files, { strategy: 'cloud_only' })).toMatchObject({
    ok: false,
    error: {
      code: 'invalid-request',
      path: 'options.strategy',
      detail: expect.stringContaining('"b.txt"') as unknown,
    },
  });
});

test('a model nobody serves is refused before a document is read', async () => {
  const unread = { name: 'a.txt', bytes: () => Promise.reject(new Error('it was read')) };
  expect(await prepare([unread], { model: 'large' })).toMatchObject({
    ok: false,
    error: { code: 'model-not-found', path: 'options.model' },
  });
});

const bytes = () => Promise.resolve(Buffer.from('hello'));

test('other requests get their turn between two documents', async () => {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await prepare(Array.from({ length: 20 }, (_, index) => ({ name: `${index}.txt`, bytes })));
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(20);
});
