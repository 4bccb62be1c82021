import type { DocumentBatchBody } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { batchForm, testConfig } from '../testing/samples.ts';

const PATH = '/v1/document-batches';
const letter = { name: 'letter.txt', text: 'Dear reader, nothing happened.' };
const post = (body: FormData, headers: Readonly<Record<string, string>> = {}) =>
  ({ method: 'POST', body, headers }) as const;
const requestOf = (api: TestApi, index: number) => {
  const id = api.jobIds[index];
  if (id === undefined) throw new Error(`no job ${index}`);
  return api.life.requestOf(id);
};

function edited(edit: (form: FormData) => void): FormData {
  const form = batchForm([letter]);
  edit(form);
  return form;
}
const options = (changes: Record<string, unknown>): FormData => batchForm([letter], changes);

describe('202: the batch and all its jobs are accepted', () => {
  test('each document becomes one job that asks for it with the instruction', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(
      PATH,
      post(
        batchForm([letter, { name: 'b.md', text: '# B' }], { max_output_tokens: 64, metadata: { a: 'b' } }),
      ),
    );
    expect([answer.status, answer.body]).toMatchObject([
      202,
      {
        status: 'in_progress',
        document_counts: { total: 2, completed: 0, failed: 0 },
        metadata: { a: 'b' },
        completed_at: null,
      },
    ]);
    const { id } = answer.body as DocumentBatchBody;
    expect(answer.headers.get('location')).toBe(`${PATH}/${id}`);
    expect(await requestOf(api, 0)).toEqual({
      model: 'small',
      messages: [
        { role: 'system', content: 'Summarise.' },
        { role: 'user', content: letter.text },
      ],
      max_tokens: 64,
    });
    const job = await api.ask(`/v1/jobs/${api.jobIds[0]}`);
    expect(job.body).toMatchObject({ class: 'batch', batch_id: id, privacy: { pinned: false } });
  });

  test('each document is searched for personal data by itself', async () => {
    await using api = await openTestApi();
    await api.submitBatch([letter, { name: 'b.txt', text: 'Card 4111 1111 1111 1111' }]);
    const pins = await Promise.all(api.jobIds.map(async (id) => (await api.ask(`/v1/jobs/${id}`)).body));
    expect(pins).toMatchObject([
      { privacy: { pinned: false } },
      { privacy: { pinned: true, findings: ['card'] } },
    ]);
  });

  test('documents that cannot be read are counted as failed and stop nothing', async () => {
    await using api = await openTestApi();
    const some = await api.submitBatch([
      { name: 'a.pdf', text: '%PDF-1.7' },
      letter,
      { name: 'c', text: '' },
    ]);
    expect(some).toMatchObject({ status: 'in_progress', document_counts: { total: 3, failed: 2 } });
    const none = await api.submitBatch([{ name: 'a.pdf', text: '%PDF-1.7' }]);
    expect(none).toMatchObject({ status: 'completed', document_counts: { total: 1, failed: 1 } });
    expect(await api.storedJobs()).toHaveLength(1);
  });

  test('names are labels: whatever they hold comes back as it was, and equal ones stay apart', async () => {
    await using api = await openTestApi();
    const names = [
      '../../etc/passwd',
      'C:\\temp\\a.txt',
      'a.txt',
      'a.txt',
      'é "quoted"; filename=x\u001b[31m',
    ];
    const batch = await api.submitBatch(names.map((name) => ({ name, text: 'hi' })));
    for (const id of api.jobIds) await api.life.complete(id);
    const { text } = await api.ask(batch.results_url);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { document: string });
    expect(lines.map(({ document }) => document)).toEqual(names);
  });

  test('the same form under the same key is the same batch; another file under it is a conflict', async () => {
    await using api = await openTestApi();
    const key = { 'idempotency-key': 'k' };
    const first = await api.ask(PATH, post(batchForm([letter]), key));
    const second = await api.ask(PATH, post(batchForm([letter]), key));
    expect([second.status, second.body]).toEqual([202, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    expect(await api.storedJobs()).toHaveLength(1);
  });
});

describe('400: the form does not match', () => {
  test.each([
    ['no options', edited((form) => form.delete('options')), 'options'],
    ['options twice', edited((form) => form.append('options', '{}')), 'options'],
    ['options as a file', edited((form) => form.set('options', new Blob(['{}']), 'o.json')), 'options'],
    ['no documents', edited((form) => form.delete('documents[]')), 'documents[]'],
    ['a document that is no file', edited((form) => form.append('documents[]', 'text')), 'documents[].1'],
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
    ['an unknown option', options({ instructions: 'x' }), 'options.instructions'],
    ['an empty instruction', options({ instruction: '' }), 'options.instruction'],
    ['a model nobody serves', options({ model: 'large' }), 'options.model'],
    [
      'local_only and cloud_only',
      options({ privacy: 'local_only', strategy: 'cloud_only' }),
      'options.strategy',
    ],
  ])('%s, with its path', async (_what, form, path) => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, post(form));
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path }] }]);
    expect(await api.storedJobs()).toEqual([]);
    expect(api.log).toEqual([]);
  });

  test('a model nobody serves is refused also when no document can be read', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, post(batchForm([{ name: 'a', text: '' }], { model: 'large' })));
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'model-not-found' }]);
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
    expect(await api.storedJobs()).toHaveLength(1);
  });
});

describe('413: the form is above a limit', () => {
  test('one document too many is refused whole, with the number that fits', async () => {
    await using api = await openTestApi();
    const five = Array.from({ length: 5 }, () => letter);
    const answer = await api.ask(PATH, post(batchForm([...five, letter])));
    expect([answer.status, answer.body]).toMatchObject([
      413,
      { detail: '6 documents: at most 5 fit one batch, send several' },
    ]);
    expect(await api.storedJobs()).toEqual([]);
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
      { detail: 'the body may have at most 7 parts' },
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

describe('429: the tenant has as many jobs as it may', () => {
  test('a batch that does not fit is refused whole, and says how much does', async () => {
    await using api = await openTestApi();
    const answer = await api.ask(PATH, { ...post(batchForm([letter, letter])), tenant: 'guest' });
    expect([answer.status, answer.body]).toMatchObject([
      429,
      { detail: '0 jobs are queued or running and 2 would join them; at most 1 may be' },
    ]);
    expect(answer.headers.has('retry-after')).toBe(true);
    expect(await api.storedJobs()).toEqual([]);
    expect(await api.store.redis.keys(`${api.store.keys.prefix}batch:*`)).toEqual([]);
  });
});
