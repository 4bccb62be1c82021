import type { DocumentBatchBody } from '@spillway/contracts';
import { batchPaths } from '@spillway/batches';
import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { upload } from '../../testing/upload.ts';

const files = ['a', 'b', 'c'].map((text) => ({ name: `${text}.txt`, text }));
const post = async (api: TestApi, batch: DocumentBatchBody, what: string) =>
  api.ask(`${batch.status_url}/${what}`, { method: 'POST' });

/** Ends a batch of three documents, the second of which alone completed. */
async function endWithFailures(api: TestApi, batch: DocumentBatchBody): Promise<void> {
  await api.batchLife.begin(batch.id, 3);
  await api.batchLife.settle(batch.id, failedOutcome(0), sampleOutcome(1), failedOutcome(2));
  await api.batchLife.end(batch.id);
}

/** The text of every document of a batch by its name. */
async function textsOf(api: TestApi, batch: DocumentBatchBody): Promise<readonly string[]> {
  const prefix = `${batchPaths(batch.id).prefix}/documents/`;
  const blobs = (await listBlobs(api)).filter(({ key }) => key.path.startsWith(prefix));
  return Promise.all(
    blobs.map(async ({ key }) => {
      const read = await api.blobs.read(key, { signal: AbortSignal.timeout(5000) });
      return Buffer.concat(await Array.fromAsync(read?.body ?? [])).toString('utf8');
    }),
  );
}

describe('POST …/cancel, …/pause and …/resume', () => {
  test('do what they say, and again to the same effect', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files);
    expect((await post(api, batch, 'pause')).body).toMatchObject({ paused: true });
    expect((await post(api, batch, 'resume')).body).toMatchObject({ paused: false });
    expect((await post(api, batch, 'cancel')).body).toMatchObject({ status: 'cancelling' });
    expect((await post(api, batch, 'cancel')).status).toBe(200);
  });

  test.each(['cancel', 'pause', 'resume'])('to %s what has ended is a conflict for good', async (what) => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files);
    await endWithFailures(api, batch);
    const answer = await post(api, batch, what);
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'batch-ended' }]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });
});

describe('POST …/retry', () => {
  test('what did not complete is another batch, with documents of its own', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files, { completion_window: '2h', metadata: { a: 'b' } });
    await endWithFailures(api, batch);
    const { status, body, headers } = await post(api, batch, 'retry');
    const again = body as DocumentBatchBody;
    expect([status, again]).toMatchObject([
      202,
      { status: 'validating', retry_of: batch.id, document_counts: { total: 2 }, metadata: { a: 'b' } },
    ]);
    expect(headers.get('location')).toBe(again.status_url);
    expect(await textsOf(api, again)).toEqual(['a', 'c']);
  });

  test('uploaded files stay where they are', async () => {
    await using api = await openTestApi();
    const ids = await Promise.all(
      files.map(({ name, text }) => upload(api, text, { purpose: 'user_data', name })),
    );
    const batch = await api.submitBatch([], { file_ids: ids });
    await endWithFailures(api, batch);
    const again = (await post(api, batch, 'retry')).body as DocumentBatchBody;
    expect([again.document_counts.total, await textsOf(api, again)]).toEqual([2, []]);
  });

  test('under the same key it is the same batch, and nothing is copied twice', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files);
    await endWithFailures(api, batch);
    const path = `${batch.status_url}/retry`;
    const ask = () => api.ask(path, { method: 'POST', headers: { 'idempotency-key': 'k' } });
    const first = await ask();
    const blobs = (await listBlobs(api)).length;
    const second = await ask();
    expect([second.status, second.body]).toEqual([202, first.body]);
    expect(await listBlobs(api)).toHaveLength(blobs);
  });

  test('what has not ended, or did not fail, is not repeated', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(files.slice(0, 1));
    expect((await post(api, batch, 'retry')).body).toMatchObject({ code: 'batch-not-ended' });
    await api.batchLife.begin(batch.id, 1);
    await api.batchLife.settle(batch.id, sampleOutcome(0));
    await api.batchLife.end(batch.id);
    expect((await post(api, batch, 'retry')).body).toMatchObject({ code: 'nothing-to-retry' });
  });
});

describe('GET /v1/document-batches', () => {
  test('lists those of the tenant, newest first, page by page', async () => {
    await using api = await openTestApi();
    const [first, second] = [await api.submitBatch(files), await api.submitBatch(files)];
    const page = await api.ask('/v1/document-batches?limit=1');
    expect(page.body).toMatchObject({ data: [{ id: second.id }], last_id: second.id, has_more: true });
    const next = await api.ask(`/v1/document-batches?limit=1&after=${second.id}`);
    expect(next.body).toMatchObject({ data: [{ id: first.id }], has_more: false });
    expect((await api.ask('/v1/document-batches', { tenant: 'other' })).body).toMatchObject({ data: [] });
    expect((await api.ask('/v1/document-batches?limit=0')).status).toBe(400);
  });
});

test.each([
  ['GET', '/results'],
  ['GET', '/events'],
  ['POST', '/cancel'],
  ['POST', '/pause'],
  ['POST', '/resume'],
  ['POST', '/retry'],
] as const)("another tenant's batch is not there for %s …%s", async (method, suffix) => {
  await using api = await openTestApi();
  const batch = await api.submitBatch(files);
  const answer = await api.ask(batch.status_url + suffix, { method, tenant: 'other' });
  expect([answer.status, answer.body]).toMatchObject([404, { code: 'batch-not-found' }]);
});
