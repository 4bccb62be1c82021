import { createHash } from 'node:crypto';
import type { UploadObject, UploadPartBody } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../testing/create-ask.ts';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { fieldPart, filePart, FORM_TYPE, rawForm } from '../../testing/raw-form.ts';
import { testConfig, type TestTenant } from '../../testing/samples.ts';

const wanted = { bytes: 6, filename: 'dir/a.jsonl', mime_type: 'text/jsonl', purpose: 'batch' };
const begin = (api: TestApi, changes: Record<string, unknown> = {}) =>
  api.ask('/v1/uploads', { method: 'POST', body: { ...wanted, ...changes } });
const idOf = async (asked: Promise<Answer>) => ((await asked).body as UploadObject).id;
const sendPart = (api: TestApi, id: string, text: string, tenant: TestTenant = 'acme') =>
  api.ask(`/v1/uploads/${id}/parts`, {
    method: 'POST',
    body: rawForm(filePart('data', 'blob', text)),
    headers: { 'content-type': FORM_TYPE },
    tenant,
  });
const addPart = async (api: TestApi, id: string, text: string) =>
  ((await sendPart(api, id, text)).body as UploadPartBody).id;
const complete = (api: TestApi, id: string, body: Record<string, unknown>, tenant: TestTenant = 'acme') =>
  api.ask(`/v1/uploads/${id}/complete`, { method: 'POST', body, tenant });
const cancel = (api: TestApi, id: string, tenant: TestTenant = 'acme') =>
  api.ask(`/v1/uploads/${id}/cancel`, { method: 'POST', tenant });

describe('200: the parts are a file', () => {
  test.each(['hex', 'base64'] as const)('with the MD5 the client announced in %s', async (encoding) => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    const parts = [await addPart(api, id, 'abc'), await addPart(api, id, 'def')];
    const md5 = createHash('md5').update('abcdef').digest(encoding);
    const answer = await complete(api, id, { part_ids: parts, md5 });
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { status: 'completed', file: { bytes: 6, filename: 'a.jsonl', status: 'processed' } },
    ]);
  });

  test('asking again in the same order is answered the same, and makes no second file', async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    const body = { part_ids: [await addPart(api, id, 'abcdef')] };
    const first = await complete(api, id, body);
    expect((await complete(api, id, body)).body).toEqual(first.body);
    expect(await listBlobs(api)).toHaveLength(1);
  });

  test('a part that is not named does not count', async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    await addPart(api, id, 'xyz');
    const part = await addPart(api, id, 'abcdef');
    expect((await complete(api, id, { part_ids: [part] })).status).toBe(200);
  });
});

describe('400: the parts are no such file', () => {
  test('too few bytes, a part twice, a part of another upload, another hash; the upload stays open', async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    const [abc, def] = [await addPart(api, id, 'abc'), await addPart(api, id, 'def')];
    const foreign = await addPart(api, await idOf(begin(api)), 'abcdef');
    for (const [body, param] of [
      [{ part_ids: [abc] }, 'part_ids'],
      [{ part_ids: [abc, abc] }, 'part_ids'],
      [{ part_ids: [foreign] }, 'part_ids'],
      [{ part_ids: [] }, 'part_ids'],
      [{ part_ids: ['part_1'] }, 'part_ids.0'],
      [{ part_ids: [def, abc], md5: createHash('md5').update('abcdef').digest('hex') }, 'md5'],
    ] as const) {
      const answer = await complete(api, id, body);
      expect([answer.status, answer.body]).toMatchObject([400, { error: { param } }]);
    }
    expect(await listBlobs(api)).toHaveLength(3);
    expect((await complete(api, id, { part_ids: [abc, def] })).status).toBe(200);
  });

  test.each([
    ['no file', rawForm(), 'data'],
    ['two files', rawForm(filePart('data', 'a', 'x'), filePart('data', 'a', 'x')), 'data'],
    ['a field on top', rawForm(filePart('data', 'a', 'x'), fieldPart('purpose', 'batch')), 'purpose'],
  ])('a part with %s leaves nothing', async (_what, body, param) => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    const headers = { 'content-type': FORM_TYPE };
    const answer = await api.ask(`/v1/uploads/${id}/parts`, { method: 'POST', body, headers });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { param } }]);
    expect(await listBlobs(api)).toEqual([]);
  });

  test('parts together may have twice the bytes and no more', async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    await addPart(api, id, 'abcdef');
    await addPart(api, id, 'abcdef');
    expect((await sendPart(api, id, 'x')).status).toBe(400);
    expect(await listBlobs(api)).toHaveLength(2);
  });
});

describe('404: no such upload of this tenant', () => {
  test("another tenant's upload takes no part, is not completed and not cancelled", async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    const part = await addPart(api, id, 'abcdef');
    for (const asked of [
      sendPart(api, id, 'abcdef', 'other'),
      complete(api, id, { part_ids: [part] }, 'other'),
      cancel(api, id, 'other'),
      cancel(api, 'upload_1'),
    ]) {
      expect((await asked).body).toMatchObject({ error: { code: 'upload_not_found' } });
    }
    expect((await complete(api, id, { part_ids: [part] })).status).toBe(200);
  });
});

describe('409: it has ended', () => {
  test('a cancelled or completed upload takes no more, and no client is to try again', async () => {
    await using api = await openTestApi();
    const [cancelled, completed] = [await idOf(begin(api)), await idOf(begin(api))];
    await cancel(api, cancelled);
    expect((await cancel(api, cancelled)).status).toBe(200);
    const parts = [await addPart(api, completed, 'abc'), await addPart(api, completed, 'def')];
    await complete(api, completed, { part_ids: parts });
    for (const asked of [
      sendPart(api, cancelled, 'x'),
      complete(api, cancelled, { part_ids: parts }),
      sendPart(api, completed, 'x'),
      complete(api, completed, { part_ids: parts.toReversed() }),
      cancel(api, completed),
    ]) {
      const answer = await asked;
      expect([answer.status, answer.body]).toMatchObject([409, { error: { code: 'upload_not_pending' } }]);
      expect(answer.headers.get('x-should-retry')).toBe('false');
    }
  });

  test('an upload that nobody completed within its hour has expired', async () => {
    await using api = await openTestApi();
    const id = await idOf(begin(api));
    await api.store.redis.hset(`${api.store.keys.prefix}upload:${id}`, 'expires_at_ms', Date.now());
    expect((await sendPart(api, id, 'abc')).text).toContain('expired');
    expect((await cancel(api, id)).status).toBe(409);
  });
});

describe('413: it is above the limit', () => {
  test('a file beyond the limit is refused before its first part, and a part beyond its file', async () => {
    await using api = await openTestApi({ config: testConfig({ limits: { max_file_bytes: 4096 } }) });
    const answer = await begin(api, { bytes: 4097 });
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { error: { code: 'file_too_large', param: 'bytes' } },
    ]);
    const id = await idOf(begin(api));
    expect((await sendPart(api, id, 'abcdefg')).body).toMatchObject({
      error: { code: 'request_too_large', param: 'data' },
    });
    expect(await listBlobs(api)).toEqual([]);
  });
});
