import type { BatchObject } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { openBatch } from '../../testing/open-batch.ts';
import { openTestApi } from '../../testing/open-test-api.ts';
import { inputLines, upload } from '../../testing/upload.ts';

describe('the states of a batch', () => {
  test('its counts and times are told as it goes on, and its files at the end', async () => {
    await using opened = await openBatch(3);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 3);
    await api.batchLife.settle(id, sampleOutcome(0), failedOutcome(1));
    const running = (await api.ask(path)).body;
    expect(running).toMatchObject({
      status: 'in_progress',
      request_counts: { total: 3, completed: 1, failed: 1 },
      output_file_id: null,
    });
    expect((running as BatchObject).in_progress_at).not.toBeNull();
    await api.batchLife.settle(id, sampleOutcome(2));
    const output = await upload(api, 'x');
    await api.batchLife.end(id, { output_file: output, model: 'small' });
    const ended = (await api.ask(path)).body as BatchObject;
    expect(ended).toMatchObject({ status: 'completed', output_file_id: output, model: 'small' });
    expect([ended.completed_at === null, ended.finalizing_at === null, ended.failed_at]).toEqual([
      false,
      false,
      null,
    ]);
  });

  test('mistakes of the input are told with their lines', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    const mistake = { code: 'invalid_json_line', message: 'not JSON', param: null, line: 1 };
    await api.batchLife.reject(id, [mistake]);
    expect((await api.ask(path)).body).toMatchObject({ status: 'failed', errors: { data: [mistake] } });
  });
});

describe('POST …/cancel', () => {
  test('again it has the same effect, and once it has ended it is a conflict for good', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    const cancel = () => api.ask(`${path}/cancel`, { method: 'POST' });
    const [first, second] = [await cancel(), await cancel()];
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
    expect(first.body).toMatchObject({ status: 'cancelling' });
    await api.batchLife.end(id);
    const late = await cancel();
    expect([late.status, late.headers.get('x-should-retry'), late.body]).toMatchObject([
      409,
      'false',
      { error: { message: "Cannot cancel a batch with status 'cancelled'.", code: 'batch_ended' } },
    ]);
  });
});

describe('POST …/pause and …/resume', () => {
  test('a paused batch says so until it is resumed', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    const change = async (what: string) => (await api.ask(`${path}/${what}`, { method: 'POST' })).body;
    expect(await change('pause')).toMatchObject({ paused: true, estimated_finish_at: null });
    expect(await change('pause')).toMatchObject({ paused: true });
    expect(await change('resume')).toMatchObject({ paused: false });
    await api.batchLife.reject(id, []);
    expect(await change('pause')).toMatchObject({ error: { code: 'batch_ended' } });
  });
});

describe('POST …/retry', () => {
  test('the failed lines become another batch, which names the one it repeats', async () => {
    await using opened = await openBatch(3);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 3);
    await api.batchLife.settle(id, failedOutcome(2), sampleOutcome(1), failedOutcome(0));
    await api.batchLife.end(id);
    const { status, body } = await api.ask(`${path}/retry`, { method: 'POST' });
    const again = body as BatchObject;
    expect([status, again]).toMatchObject([
      200,
      { status: 'validating', retry_of: id, endpoint: '/v1/chat/completions' },
    ]);
    const input = await api.ask(`/v1/files/${again.input_file_id}/content`);
    const lines = inputLines(3).split('\n');
    expect(input.text).toBe(`${lines[0]}\n${lines[2]}\n`);
  });

  test('the same key is the same batch, and leaves one file', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 1);
    await api.batchLife.settle(id, failedOutcome(0));
    await api.batchLife.end(id);
    const retry = () => api.ask(`${path}/retry`, { method: 'POST', headers: { 'idempotency-key': 'k' } });
    const [first, second] = [await retry(), await retry()];
    expect([second.status, second.body]).toEqual([200, first.body]);
    const { body } = await api.ask('/v1/files');
    expect((body as { data: unknown[] }).data).toHaveLength(2);
  });

  test('what has not ended, and what did not fail, is not repeated', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    const retry = async () => (await api.ask(`${path}/retry`, { method: 'POST' })).body;
    expect(await retry()).toMatchObject({ error: { code: 'batch_not_ended' } });
    await api.batchLife.begin(id, 1);
    await api.batchLife.settle(id, sampleOutcome(0));
    await api.batchLife.end(id);
    expect(await retry()).toMatchObject({ error: { code: 'nothing_to_retry' } });
  });

  test('a batch whose input was deleted cannot be repeated', async () => {
    await using opened = await openBatch(1);
    const { api, id, path, inputFileId } = opened;
    await api.batchLife.begin(id, 1);
    await api.batchLife.settle(id, failedOutcome(0));
    await api.batchLife.end(id);
    await api.ask(`/v1/files/${inputFileId}`, { method: 'DELETE' });
    const { status, body } = await api.ask(`${path}/retry`, { method: 'POST' });
    expect([status, body]).toMatchObject([404, { error: { code: 'file_not_found' } }]);
  });
});

describe('404: no such batch of this tenant and face', () => {
  test.each([
    ['GET', ''],
    ['GET', '/results'],
    ['GET', '/events'],
    ['POST', '/cancel'],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/retry'],
  ] as const)('%s …%s', async (method, suffix) => {
    await using opened = await openBatch(1);
    const { api, path } = opened;
    const documents = await api.submitBatch([{ name: 'a.txt', text: 'a' }]);
    const answers = await Promise.all([
      api.ask(`${path}${suffix}`, { method, tenant: 'other' }),
      api.ask(`/v1/batches/${documents.id}${suffix}`, { method }),
      api.ask(`/v1/batches/batch_1${suffix}`, { method }),
    ]);
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([404, { error: { code: 'batch_not_found' } }]);
    }
  });

  test('lists hold one face and one tenant', async () => {
    await using api = await openTestApi();
    await api.submitBatch([{ name: 'a.txt', text: 'a' }]);
    expect((await api.ask('/v1/batches')).body).toMatchObject({ data: [], has_more: false });
    expect((await api.ask('/v1/document-batches', { tenant: 'other' })).body).toMatchObject({ data: [] });
  });
});
