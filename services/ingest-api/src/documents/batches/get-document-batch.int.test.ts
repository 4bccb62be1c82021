import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { upload } from '../../testing/upload.ts';

const files = [
  { name: 'a.txt', text: 'a' },
  { name: 'b.txt', text: 'b' },
];

async function openWithBatch() {
  const api = await openTestApi();
  const batch = await api.submitBatch(files);
  await api.batchLife.begin(batch.id, 2);
  return { api, batch, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}
const look = (api: TestApi, path: string, headers: Readonly<Record<string, string>> = {}) =>
  api.ask(path, { headers });

describe.concurrent('200: the batch as it is now', () => {
  test('counts every end by its kind, and says when it has ended, and where everything is', async () => {
    await using opened = await openWithBatch();
    const { api, batch } = opened;
    await api.batchLife.settle(batch.id, sampleOutcome(0));
    const half = await look(api, batch.status_url);
    expect([half.status, half.body]).toMatchObject([
      200,
      { status: 'in_progress', document_counts: { total: 2, completed: 1 }, completed_at: null },
    ]);
    expect(half.headers.has('retry-after')).toBe(true);
    await api.batchLife.settle(batch.id, failedOutcome(1));
    const output = await upload(api, 'x');
    await api.batchLife.end(batch.id, { output_file: output });
    const whole = await look(api, batch.status_url);
    expect(whole.body).toMatchObject({
      status: 'completed',
      document_counts: { completed: 1, failed: 1 },
      output_file_id: output,
    });
    expect(whole.headers.has('retry-after')).toBe(false);
  });

  test('a wait is over when the batch changes', async () => {
    await using opened = await openWithBatch();
    const { api, batch } = opened;
    const etag = (await look(api, batch.status_url)).headers.get('etag') ?? '';
    const asked = look(api, batch.status_url, { prefer: 'wait=30', 'if-none-match': etag });
    await api.batchLife.settle(batch.id, sampleOutcome(0));
    expect((await asked).body).toMatchObject({ document_counts: { completed: 1 } });
  });

  test('a wait of one who has not heard of the last change is none', async () => {
    await using opened = await openWithBatch();
    const { api, batch } = opened;
    const etag = (await look(api, batch.status_url)).headers.get('etag') ?? '';
    await api.batchLife.settle(batch.id, sampleOutcome(0));
    const startedAtMs = performance.now();
    const answer = await look(api, batch.status_url, { prefer: 'wait=30', 'if-none-match': etag });
    expect([answer.status, performance.now() - startedAtMs < 2000]).toEqual([200, true]);
  });
});

describe.concurrent('304: the batch has not changed', () => {
  test('a known tag is answered without a body, at once or after the wait', async () => {
    await using opened = await openWithBatch();
    const { api, batch } = opened;
    const etag = (await look(api, batch.status_url)).headers.get('etag') ?? '';
    const atOnce = await look(api, batch.status_url, { 'if-none-match': etag });
    expect([atOnce.status, atOnce.text]).toEqual([304, '']);
    const startedAtMs = performance.now();
    const waited = await look(api, batch.status_url, { 'if-none-match': `W/${etag}`, prefer: 'wait=1' });
    expect(waited.status).toBe(304);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
  });
});

describe.concurrent('401: no key', () => {
  test('tells nothing', async () => {
    await using opened = await openWithBatch();
    expect((await opened.api.ask(opened.batch.status_url, { tenant: null })).status).toBe(401);
  });
});

describe.concurrent('404: no such batch of this tenant', () => {
  test('a batch of another tenant is as unknown as one that never was', async () => {
    await using opened = await openWithBatch();
    const { api, batch } = opened;
    const theirs = await api.ask(batch.status_url, { tenant: 'other', headers: { prefer: 'wait=30' } });
    expect([theirs.status, theirs.body]).toMatchObject([404, { code: 'batch-not-found' }]);
    expect(theirs.headers.has('etag')).toBe(false);
  });

  test.each(['batch_1', `batch_${'0'.repeat(26)}`, `job_${'0'.repeat(26)}`, '%00'])('%s', async (raw) => {
    await using api = await openTestApi();
    const answer = await look(api, `/v1/document-batches/${raw}`);
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'batch-not-found' }]);
  });
});
