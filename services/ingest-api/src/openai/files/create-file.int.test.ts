import { once } from 'node:events';
import { connect } from 'node:net';
import type { FileListBody, FileObject } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { fieldPart, filePart, FORM_TYPE, part, rawForm } from '../../testing/raw-form.ts';
import { KEYS, testConfig } from '../../testing/samples.ts';

const PATH = '/v1/files';
const PURPOSE = fieldPart('purpose', 'batch');
const FILE = filePart('file', 'a.jsonl', '{}');
const send = (api: TestApi, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.ask(PATH, { method: 'POST', body, headers: { 'content-type': FORM_TYPE, ...headers } });

const formOf = (bytes: number): string => rawForm(PURPOSE, filePart('file', 'a', 'x'.repeat(bytes)));

async function expectNothingLeft(api: TestApi): Promise<void> {
  expect(await listBlobs(api)).toEqual([]);
  expect(((await api.ask(PATH)).body as FileListBody).data).toEqual([]);
  expect(await api.store.redis.keys(`${api.store.keys.prefix}file*`)).toEqual([]);
}

describe('200: the file is on disk', () => {
  test('fields may stand behind the file, as some clients send them', async () => {
    await using api = await openTestApi();
    const answer = await send(
      api,
      rawForm(
        FILE,
        PURPOSE,
        fieldPart('expires_after[anchor]', 'created_at'),
        fieldPart('expires_after[seconds]', '3600'),
      ),
    );
    const file = answer.body as FileObject;
    expect([answer.status, file]).toMatchObject([200, { filename: 'a.jsonl', purpose: 'batch', bytes: 2 }]);
    expect(file.expires_at - file.created_at).toBe(3600);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  });

  test('without a word about it, a file is kept as the configuration says', async () => {
    await using api = await openTestApi({ config: testConfig({ retention: { files_seconds: 7200 } }) });
    const file = (await send(api, rawForm(PURPOSE, FILE))).body as FileObject;
    expect(file.expires_at - file.created_at).toBe(7200);
  });

  test('a name is a label: no folder and no control character comes back', async () => {
    await using api = await openTestApi();
    const form = rawForm(PURPOSE, filePart('file', '../../etc/p\u0007asswd', 'x'));
    expect((await send(api, form)).body).toMatchObject({ filename: 'passwd' });
  });

  test('what looks like a boundary, and bytes that are no text, come back as they were', async () => {
    await using api = await openTestApi();
    const bytes = Buffer.concat([
      Buffer.from('\r\n--\r\n--c\r\n--'),
      Buffer.from(Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)),
    ]);
    const form = new FormData();
    form.set('file', new Blob([bytes]), 'x');
    form.set('purpose', 'user_data');
    const file = (await api.ask(PATH, { method: 'POST', body: form })).body as FileObject;
    const content = await fetch(`${api.url}${PATH}/${file.id}/content`, {
      headers: { authorization: `Bearer ${KEYS.acme}` },
    });
    expect(Buffer.compare(Buffer.from(await content.arrayBuffer()), bytes)).toBe(0);
  });

  test('an empty file is a file, and x-api-key a key', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, {
      method: 'POST',
      tenant: null,
      body: rawForm(PURPOSE, filePart('file', 'empty', '')),
      headers: { 'content-type': FORM_TYPE, 'x-api-key': KEYS.acme },
    });
    expect([answer.status, answer.body]).toMatchObject([200, { bytes: 0 }]);
  });
});

describe('400: the form does not match', () => {
  test.each([
    ['no purpose', rawForm(FILE), 'purpose'],
    ['a purpose nobody knows, behind the file', rawForm(FILE, fieldPart('purpose', 'x')), 'purpose'],
    ['a purpose only we may give', rawForm(FILE, fieldPart('purpose', 'batch_output')), 'purpose'],
    ['no file', rawForm(PURPOSE), 'file'],
    ['two files', rawForm(PURPOSE, FILE, FILE), 'file'],
    ['a file under another name', rawForm(PURPOSE, filePart('document', 'a', 'x')), 'document'],
    ['a file that is a field', rawForm(PURPOSE, fieldPart('file', 'x')), 'file'],
    ['a field twice', rawForm(PURPOSE, PURPOSE, FILE), 'purpose'],
    ['a field nobody knows', rawForm(PURPOSE, FILE, fieldPart('colour', 'red')), 'colour'],
    ['a huge field', rawForm(FILE, fieldPart('purpose', 'b'.repeat(2_000_000))), 'purpose'],
    ['a part without a name', rawForm(PURPOSE, FILE, part('', 'x')), null],
    ['a hundred fields', rawForm(...Array.from({ length: 100 }, (_, at) => fieldPart(`f${at}`, ''))), null],
    [
      'an expiry beyond a month',
      rawForm(
        PURPOSE,
        FILE,
        fieldPart('expires_after[anchor]', 'created_at'),
        fieldPart('expires_after[seconds]', '2592001'),
      ),
      'expires_after[seconds]',
    ],
    [
      'half an expiry',
      rawForm(PURPOSE, FILE, fieldPart('expires_after[seconds]', '3600')),
      'expires_after[anchor]',
    ],
  ])('%s, with the member that is wrong; nothing is left of it', async (_what, form, param) => {
    await using api = await openTestApi();
    const answer = await send(api, form);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { error: { type: 'invalid_request_error', code: 'invalid_request', param } },
    ]);
    await expectNothingLeft(api);
    expect(api.log).toEqual([]);
  });

  test.each([
    ['without a boundary', rawForm(PURPOSE, FILE), 'multipart/form-data'],
    ['of another boundary', rawForm(PURPOSE, FILE), 'multipart/form-data; boundary=c'],
    ['without its end', `${PURPOSE}${FILE}`, FORM_TYPE],
    ['that ends in the middle of its file', `${PURPOSE}${FILE.slice(0, -2)}`, FORM_TYPE],
    ['that ends in the middle of a header', `${PURPOSE}${FILE.slice(0, 20)}`, FORM_TYPE],
    ['of nothing', '', FORM_TYPE],
    ['of headers without end', `--b\r\nX-A: ${'x'.repeat(900_000)}`, FORM_TYPE],
  ])('a form %s', async (_what, body, contentType) => {
    await using api = await openTestApi();
    const answer = await send(api, body, { 'content-type': contentType });
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'invalid_request' } }]);
    await expectNothingLeft(api);
    expect(api.log).toEqual([]);
  });

  test('a client that goes away while it sends leaves nothing and is no bug of ours', async () => {
    await using api = await openTestApi();
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${KEYS.acme}\r\n` +
        `Content-Type: ${FORM_TYPE}\r\nContent-Length: 10000000\r\n\r\n${PURPOSE}${filePart('file', 'a', 'x'.repeat(200_000))}`,
    );
    await once(socket, 'connect');
    const { redis, keys } = api.store;
    await expect.poll(() => redis.zcard(keys.filesExpiry), { interval: 5 }).toBe(1);
    socket.destroy();
    await expect.poll(() => redis.zcard(keys.filesExpiry), { interval: 5 }).toBe(0);
    await expectNothingLeft(api);
    expect(api.log).toEqual([]);
  });
});

describe('401: no key', () => {
  test('nothing is read, and the error is one that the client understands', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, {
      method: 'POST',
      body: rawForm(PURPOSE, FILE),
      headers: { 'content-type': FORM_TYPE },
      tenant: null,
    });
    expect([answer.status, answer.body]).toEqual([
      401,
      {
        error: {
          message: 'send Authorization: Bearer <key>',
          type: 'invalid_request_error',
          param: null,
          code: 'missing_api_key',
        },
      },
    ]);
    await expectNothingLeft(api);
  });
});

describe('413: the file is above the limit', () => {
  const config = testConfig({ limits: { max_file_bytes: 4096 } });

  test('one byte too many is refused, and the answer says what to do', async () => {
    await using api = await openTestApi({ config });
    expect((await send(api, formOf(4096))).status).toBe(200);
    const answer = await send(api, formOf(4097));
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { error: { code: 'file_too_large', param: 'file', type: 'invalid_request_error' } },
    ]);
    expect(answer.text).toContain('limits.max_file_bytes');
    expect(await listBlobs(api)).toHaveLength(1);
  });

  test.each([
    ['of known length', (text: string) => text],
    ['chunked', (text: string) => new Blob([text]).stream()],
  ])('a body %s far beyond it is refused', async (_what, bodyOf) => {
    await using api = await openTestApi({ config });
    const answer = await send(api, bodyOf(formOf(3_000_000)));
    expect([answer.status, answer.body]).toMatchObject([413, { error: { code: 'file_too_large' } }]);
    await expectNothingLeft(api);
  });

  test('what stands around the file is counted too', async () => {
    await using api = await openTestApi({ config });
    const answer = await send(api, new Blob(['x'.repeat(1_200_000), rawForm(PURPOSE, FILE)]).stream());
    expect([answer.status, answer.body]).toMatchObject([413, { error: { code: 'request_too_large' } }]);
    await expectNothingLeft(api);
  });
});

describe('415: the body is no form', () => {
  test('JSON is refused, and the answer says what is taken', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, { method: 'POST', body: { purpose: 'batch' } });
    expect([answer.status, answer.body]).toMatchObject([
      415,
      { error: { code: 'unsupported_media_type', message: 'send multipart/form-data' } },
    ]);
  });
});
