import type { FileObject } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { fieldPart, filePart, FORM_TYPE, rawForm } from '../../testing/raw-form.ts';

const TEXT = '0123456789';

async function upload(api: TestApi, text = TEXT, name = "it's é.jsonl"): Promise<string> {
  const body = rawForm(filePart('file', name, text), fieldPart('purpose', 'batch'));
  const answer = await api.ask('/v1/files', { method: 'POST', body, headers: { 'content-type': FORM_TYPE } });
  return `/v1/files/${(answer.body as FileObject).id}/content`;
}
const get = (api: TestApi, path: string, headers: Readonly<Record<string, string>> = {}) =>
  api.ask(path, { headers: { accept: 'application/binary', ...headers } });

describe('200: the whole file', () => {
  test('with its length, its hash as a tag, and nothing that a browser would show', async () => {
    await using api = await openTestApi();
    const answer = await get(api, await upload(api));
    expect([answer.status, answer.text]).toEqual([200, TEXT]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '10',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: '"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"',
      'content-disposition': "attachment; filename*=UTF-8''it%27s%20%C3%A9.jsonl",
      'x-content-type-options': 'nosniff',
    });
  });

  test('a large one comes whole', async () => {
    await using api = await openTestApi();
    const text = '0123456789abcdef'.repeat(300_000);
    expect((await get(api, await upload(api, text))).text === text).toBe(true);
  });

  test('an empty one is empty, and HEAD is GET without a body', async () => {
    await using api = await openTestApi();
    const empty = await get(api, await upload(api, ''));
    expect([empty.status, empty.text, empty.headers.get('content-length')]).toEqual([200, '', '0']);
    const head = await api.ask(await upload(api), { method: 'HEAD' });
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', '10']);
  });
});

describe('206: a range', () => {
  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=3-5', '345', 'bytes 3-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ])('%s', async (range, text, contentRange) => {
    await using api = await openTestApi();
    const answer = await get(api, await upload(api), { range });
    expect([answer.status, answer.text]).toEqual([206, text]);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('content-length')).toBe(String(text.length));
  });

  test('is given for the content that the client began with, and for no other', async () => {
    await using api = await openTestApi();
    const path = await upload(api);
    const etag = (await get(api, path)).headers.get('etag') ?? '';
    expect((await get(api, path, { range: 'bytes=1-1', 'if-range': etag })).status).toBe(206);
    expect((await get(api, path, { range: 'bytes=1-1', 'if-range': '"other"' })).status).toBe(200);
  });
});

describe('304: the client has it', () => {
  test('nothing is sent again', async () => {
    await using api = await openTestApi();
    const path = await upload(api);
    const etag = (await get(api, path)).headers.get('etag') ?? '';
    const answer = await get(api, path, { 'if-none-match': etag });
    expect([answer.status, answer.text]).toEqual([304, '']);
  });
});

describe('404: no such file of this tenant', () => {
  test("another tenant's file is not there", async () => {
    await using api = await openTestApi();
    const path = await upload(api);
    for (const [method, asked] of [
      ['GET', path],
      ['GET', path.replace('/content', '')],
      ['DELETE', path.replace('/content', '')],
    ] as const) {
      const answer = await api.ask(asked, { method, tenant: 'other' });
      expect([answer.status, answer.body]).toMatchObject([
        404,
        { error: { code: 'file_not_found', type: 'invalid_request_error' } },
      ]);
    }
    expect((await api.ask('/v1/files', { tenant: 'other' })).body).toMatchObject({ data: [] });
    expect((await get(api, path)).status).toBe(200);
  });

  test.each(['file-1', `file-${'0'.repeat(26)}`, `job_${'0'.repeat(26)}`, '..%2Fx'])('%s', async (id) => {
    await using api = await openTestApi();
    expect((await get(api, `/v1/files/${id}/content`)).body).toMatchObject({
      error: { code: 'file_not_found' },
    });
  });
});

describe('416: no byte of it is in the range', () => {
  test.each(['bytes=10-', 'bytes=-0'])('%s', async (range) => {
    await using api = await openTestApi();
    const answer = await get(api, await upload(api), { range });
    expect([answer.status, answer.body]).toMatchObject([416, { error: { code: 'range_not_satisfiable' } }]);
    expect(answer.headers.get('content-range')).toBe('bytes */10');
  });
});
