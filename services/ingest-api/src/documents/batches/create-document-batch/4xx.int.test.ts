import { describe, expect, test } from 'vitest';
import { listBlobs } from '../../../testing/list-blobs.ts';
import { openTestApi } from '../../../testing/open-test-api.ts';
import { batchForm, testConfig } from '../../../testing/samples.ts';

const PATH = '/v1/document-batches';
const letter = { name: 'letter.txt', text: 'Dear reader, nothing happened.' };
const post = (body: FormData, headers: Readonly<Record<string, string>> = {}) =>
  ({ method: 'POST', body, headers }) as const;

function edited(edit: (form: FormData) => void): FormData {
  const form = batchForm([letter]);
  edit(form);
  return form;
}
const withOptions = (changes: Record<string, unknown>): FormData => batchForm([letter], changes);

describe('400: the form does not match', () => {
  test.each([
    ['no options', edited((form) => form.delete('options')), 'options'],
    ['options twice', edited((form) => form.append('options', '{}')), 'options'],
    ['options as a file', edited((form) => form.set('options', new Blob(['{}']), 'o.json')), 'options'],
    ['no documents', edited((form) => form.delete('documents[]')), 'documents[]'],
    ['a document that is no file', edited((form) => form.append('documents[]', 'text')), 'documents[]'],
    ['a part nobody knows', edited((form) => form.append('instruction', 'x')), 'instruction'],
    [
      'documents under another name',
      edited((form) => form.append('documents', new Blob(['x']), 'x')),
      'documents',
    ],
    ['an empty name', edited((form) => form.append('documents[]', new Blob(['x']), '')), 'documents[].1'],
    [
      'an endless name',
      edited((form) => form.append('documents[]', new Blob(['x']), 'n'.repeat(1025))),
      'documents[].1',
    ],
    ['an unknown option', withOptions({ instructions: 'x' }), 'options.instructions'],
    ['an empty instruction', withOptions({ instruction: '' }), 'options.instruction'],
    ['a model nobody serves', withOptions({ model: 'large' }), 'options.model'],
    ['a window that is none', withOptions({ completion_window: '1w' }), 'options.completion_window'],
    ['a placeholder nobody knows', withOptions({ instruction: '{{name}}' }), 'options.instruction'],
    ['a schema that is none', withOptions({ schema: { type: 'text' } }), 'options.schema'],
    [
      'a schema from elsewhere',
      withOptions({ schema: { $ref: 'https://example.com/schema.json' } }),
      'options.schema',
    ],
    ['files and ids', withOptions({ file_ids: [`file-${'0'.repeat(26)}`] }), 'options.file_ids'],
    ['an id of no file', batchForm([], { file_ids: [`file-${'0'.repeat(26)}`] }), 'options.file_ids.0'],
    ['what is no id', batchForm([], { file_ids: ['x'] }), 'options.file_ids.0'],
    [
      'local_only and cloud_only',
      withOptions({ privacy: 'local_only', strategy: 'cloud_only' }),
      'options.strategy',
    ],
  ])('%s, with its path', async (_what, form, path) => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, post(form));
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path }] }]);
    expect(await listBlobs(api)).toEqual([]);
    expect(api.log).toEqual([]);
  });

  test('a schema of ten thousand levels', async () => {
    await using api = await openTestApi();
    const schema = `${'{"items":'.repeat(10_000)}{}${'}'.repeat(10_000)}`;
    const form = edited((parts) =>
      parts.set('options', `{"instruction":"Sum up.","model":"small","schema":${schema}}`),
    );
    const answer = await api.ask(PATH, post(form));
    expect([answer.status, api.log]).toEqual([400, []]);
  });

  test('a key that is none', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, post(batchForm([letter]), { 'idempotency-key': 'k'.repeat(256) }));
    expect([answer.status, await listBlobs(api)]).toEqual([400, []]);
  });

  test('options that are no JSON are named', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, post(edited((form) => form.set('options', '{"instruction":'))));
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'malformed-json' }]);
  });

  test.each([
    ['without its end', '--b\r\nContent-Disposition: form-data; name="options"\r\n\r\n{}'],
    ['without parts', 'nothing of the kind'],
    ['of nothing', ''],
  ])('a form %s is refused', async (_what, body) => {
    await using api = await openTestApi();
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await api.ask(PATH, { method: 'POST', body, headers });
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'invalid-request' }]);
    expect(api.log).toEqual([]);
  });
});

describe('401: no key', () => {
  test('keeps no document', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, { ...post(batchForm([letter])), tenant: null });
    expect(answer.status).toBe(401);
  });
});

describe('409: the key was used with another form', () => {
  test.each([
    ['another text', batchForm([{ ...letter, text: 'Other' }])],
    ['another name', batchForm([{ ...letter, name: 'other.txt' }])],
    ['another option', batchForm([letter], { class: 'standard' })],
    ['one file more', batchForm([letter, letter])],
  ])('%s is refused for good', async (_what, form) => {
    await using api = await openTestApi();
    const key = { 'idempotency-key': 'k' };
    await api.ask(PATH, post(batchForm([letter]), key));
    const answer = await api.ask(PATH, post(form, key));
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'idempotency-conflict' }]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(await listBlobs(api)).toHaveLength(2);
  });
});

describe('413: the form is above a limit', () => {
  test('one document too many is refused whole, also by their ids, with the number that fits', async () => {
    await using api = await openTestApi();
    const five = Array.from({ length: 5 }, () => letter);
    const answer = await api.ask(PATH, post(batchForm([...five, letter])));
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { detail: 'at most 5 files fit one form: send several' },
    ]);
    expect(await listBlobs(api)).toEqual([]);
    const ids = await api.ask(PATH, post(batchForm([], { file_ids: Array.from({ length: 6 }, () => 'x') })));
    expect([ids.status, ids.body]).toMatchObject([
      413,
      { detail: expect.stringContaining('at most 5') as unknown },
    ]);
    await api.submitBatch(five);
  });

  test('20,000 empty files are counted, not built', async () => {
    await using api = await openTestApi();
    const part = '--b\r\nContent-Disposition: form-data; name="documents[]"; filename="a"\r\n\r\n\r\n';
    const answer = await api.ask(PATH, {
      method: 'POST',
      body: `${part.repeat(20_000)}--b--\r\n`,
      headers: { 'content-type': 'multipart/form-data; boundary="b"' },
    });
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { detail: 'at most 5 files fit one form: send several' },
    ]);
  });

  test.each([
    ['of known length', (bytes: Uint8Array<ArrayBuffer>) => bytes],
    ['chunked', (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream()],
  ])('a body %s beyond the bytes a batch may have is refused', async (_what, send) => {
    await using api = await openTestApi({ config: testConfig({ limits: { max_batch_bytes: 4096 } }) });
    const form = new Response(batchForm([{ name: 'a.txt', text: 'x'.repeat(5000) }]));
    const headers = { 'content-type': form.headers.get('content-type') ?? '' };
    const body = send(new Uint8Array(await form.arrayBuffer()));
    const answer = await api.ask(PATH, { method: 'POST', body, headers });
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { detail: 'the body may have at most 4096 bytes' },
    ]);
    expect(await listBlobs(api)).toEqual([]);
  });
});

describe('415: the body is no form', () => {
  test('JSON is refused, and the answer says what is taken', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, { method: 'POST', body: { instruction: 'x' } });
    expect([answer.status, answer.body]).toMatchObject([415, { code: 'unsupported-media-type' }]);
    expect(answer.text).toContain('multipart/form-data');
  });
});
