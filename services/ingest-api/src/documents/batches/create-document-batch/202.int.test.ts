import { createHash } from 'node:crypto';
import { manifestLineSchema, type DocumentBatchBody } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { listBlobs } from '../../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../../testing/open-test-api.ts';
import { batchForm } from '../../../testing/samples.ts';
import { upload } from '../../../testing/upload.ts';

const PATH = '/v1/document-batches';
const letter = { name: 'letter.txt', text: 'Dear reader, nothing happened.' };
const post = (body: FormData, headers: Readonly<Record<string, string>> = {}) =>
  ({ method: 'POST', body, headers }) as const;

/** The manifest of the one batch there is, and the text of each of its documents. */
async function storedDocuments(api: TestApi) {
  const signal = AbortSignal.timeout(5000);
  const blobs = await listBlobs(api);
  const textOf = async (path: string): Promise<string> => {
    const key = blobs.find((blob) => blob.key.path === path)?.key;
    const read = key && (await api.blobs.read(key, { signal }));
    return Buffer.concat(await Array.fromAsync(read?.body ?? [])).toString('utf8');
  };
  const manifest = blobs.find(({ key }) => key.path.endsWith('/input.jsonl'))?.key.path ?? '';
  const lines = (await textOf(manifest)).trimEnd().split('\n');
  return Promise.all(
    lines.map(async (line) => {
      const document = manifestLineSchema.parse(JSON.parse(line));
      return { ...document, text: await textOf(document.path) };
    }),
  );
}

describe('202: the documents are on disk', () => {
  test('each as it was sent, in its order, under its name', async () => {
    await using api = await openTestApi();
    const body = batchForm([letter, { name: 'b.md', text: '# B' }], { metadata: { a: 'b' } });
    const answer = await api.ask(PATH, post(body));
    expect([answer.status, answer.body]).toMatchObject([
      202,
      {
        status: 'validating',
        model: 'small',
        document_counts: { total: 2, completed: 0, failed: 0 },
        metadata: { a: 'b' },
        completed_at: null,
        output_file_id: null,
        retry_of: null,
      },
    ]);
    const { id } = answer.body as DocumentBatchBody;
    expect(answer.headers.get('location')).toBe(`${PATH}/${id}`);
    expect(await storedDocuments(api)).toMatchObject([
      {
        custom_id: '0',
        document: 'letter.txt',
        text: letter.text,
        bytes: letter.text.length,
        sha256: createHash('sha256').update(letter.text).digest('hex'),
      },
      { custom_id: '1', document: 'b.md', text: '# B' },
    ]);
  });

  test('its options are kept for whoever reads the documents', async () => {
    await using api = await openTestApi();
    const schema = { type: 'object', properties: { sum: { type: 'number' } } };
    const options = { instruction: 'Read {{filename}}: {{document}}', schema, privacy: 'local_only' };
    const webhook = { url: 'https://hooks.example.com/a' };
    const times = { completion_window: '2h', retain_seconds: 60, attempt_timeout_seconds: 30 };
    const batch = await api.submitBatch([letter], { ...options, webhook, ...times, max_output_tokens: 64 });
    expect(Date.parse(batch.expires_at) - Date.parse(batch.created_at)).toBe(7_200_000);
    expect(await api.batchOf(batch.id)).toMatchObject({
      webhook,
      description: {
        face: 'documents',
        endpoint: '/v1/chat/completions',
        options: {
          ...options,
          model: 'small',
          max_output_tokens: 64,
          attempt_timeout_seconds: 30,
          documents: 1,
        },
      },
    });
  });

  test('no document is read here: one that cannot be read is taken like any other', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch([
      { name: 'a.pdf', text: '%PDF-1.7' },
      { name: 'c', text: '' },
    ]);
    expect(batch.document_counts).toMatchObject({ total: 2, failed: 0 });
    expect(await storedDocuments(api)).toMatchObject([{ text: '%PDF-1.7' }, { text: '' }]);
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
    await api.submitBatch(names.map((name) => ({ name, text: name })));
    const stored = await storedDocuments(api);
    expect(stored.map(({ document }) => document)).toEqual(names);
    expect(stored.map(({ text }) => text)).toEqual(names);
    expect(new Set(stored.map(({ custom_id }) => custom_id)).size).toBe(names.length);
  });

  test('the options may stand behind the documents', async () => {
    await using api = await openTestApi();
    const form = batchForm([letter]);
    const options = form.get('options') ?? '';
    form.delete('options');
    form.set('options', options);
    expect((await api.ask(PATH, post(form))).status).toBe(202);
  });

  test('uploaded files are documents as well, and are not written twice', async () => {
    await using api = await openTestApi();
    const first = await upload(api, 'one', { purpose: 'user_data', name: 'one.txt' });
    const second = await upload(api, 'two', { purpose: 'assistants', name: 'two.txt' });
    const before = (await listBlobs(api)).length;
    const batch = await api.submitBatch([], { file_ids: [second, first] });
    expect(batch.document_counts.total).toBe(2);
    expect(await storedDocuments(api)).toMatchObject([
      { document: 'two.txt', text: 'two', path: `files/${second}` },
      { document: 'one.txt', text: 'one' },
    ]);
    expect(await listBlobs(api)).toHaveLength(before + 1);
  });

  test('the same form under the same key is the same batch, and its documents are kept once', async () => {
    await using api = await openTestApi();
    const key = { 'idempotency-key': 'k' };
    const first = await api.ask(PATH, post(batchForm([letter]), key));
    const second = await api.ask(PATH, post(batchForm([letter]), key));
    expect([second.status, second.body]).toEqual([202, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    expect(await listBlobs(api)).toHaveLength(2);
  });
});
