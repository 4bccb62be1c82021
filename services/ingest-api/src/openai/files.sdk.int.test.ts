import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { BadRequestError, NotFoundError, toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { listBlobs } from '../testing/list-blobs.ts';
import { openSdk } from '../testing/open-sdk.ts';
import { openTestApi } from '../testing/open-test-api.ts';

const LINES = '{"custom_id":"a"}\n{"custom_id":"b"}\n';
const input = (name = 'input.jsonl', text = LINES) => toFile(Buffer.from(text), name);

describe("OpenAI's own client", () => {
  test('uploads a file from the disk, looks at it, reads it back and deletes it', async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const folder = await mkdtemp(join(tmpdir(), 'spillway-sdk-'));
    try {
      const path = join(folder, 'requests.jsonl');
      await writeFile(path, LINES);
      const file = await client.files.create({ file: createReadStream(path), purpose: 'batch' });
      expect(file).toMatchObject({
        object: 'file',
        bytes: LINES.length,
        filename: 'requests.jsonl',
        purpose: 'batch',
        status: 'processed',
        status_details: null,
      });
      expect(file).toHaveProperty('_request_id', expect.stringMatching(/^req_/));
      expect((file.expires_at ?? 0) - file.created_at).toBe(30 * 86_400);
      expect(await client.files.retrieve(file.id)).toEqual(file);
      expect(await (await client.files.content(file.id)).text()).toBe(LINES);
      expect(await client.files.waitForProcessing(file.id)).toEqual(file);
      expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
      await expect(client.files.retrieve(file.id)).rejects.toBeInstanceOf(NotFoundError);
      expect(await listBlobs(api)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says when a file expires', async () => {
    await using api = await openTestApi();
    const expires_after = { anchor: 'created_at', seconds: 172_800 } as const;
    const file = await openSdk(api).files.create({
      file: await input(),
      purpose: 'user_data',
      expires_after,
    });
    expect((file.expires_at ?? 0) - file.created_at).toBe(172_800);
  });

  test('goes through all pages of a list, in either order and of one purpose', async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const ids: string[] = [];
    for (const purpose of ['batch', 'evals', 'batch', 'batch', 'evals'] as const) {
      ids.push((await client.files.create({ file: await input(), purpose })).id);
    }
    const listed = async (query: OpenAI.FileListParams) =>
      (await Array.fromAsync(client.files.list(query))).map(({ id }) => id);
    expect(await listed({ limit: 2 })).toEqual(ids.toReversed());
    expect(await listed({ limit: 2, order: 'asc' })).toEqual(ids);
    expect(await listed({ limit: 1, purpose: 'evals' })).toEqual([ids[4], ids[1]]);
    expect(await listed({ purpose: 'vision' })).toEqual([]);
    expect((await client.files.list({ limit: 2 })).has_more).toBe(true);
    expect((await client.files.list({ limit: 5 })).has_more).toBe(false);
  });

  test('is told what is wrong by its own errors, with the member that is wrong', async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const refused = client.files.create({ file: await input(), purpose: 'nonsense' as 'batch' });
    await expect(refused).rejects.toBeInstanceOf(BadRequestError);
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'purpose',
      type: 'invalid_request_error',
      requestID: expect.stringMatching(/^req_/) as string,
    });
    const stranger = new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'wrong' });
    await expect(stranger.files.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test('sends a large file in parts, and gets them in the order it says', async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const [first, second] = ['a'.repeat(70_000), 'b'.repeat(30_000)];
    const upload = await client.uploads.create({
      bytes: 100_000,
      filename: 'big.jsonl',
      mime_type: 'text/jsonl',
      purpose: 'batch',
    });
    expect(upload).toMatchObject({ object: 'upload', status: 'pending', file: null, bytes: 100_000 });
    expect(upload.expires_at - upload.created_at).toBe(3600);
    const later = await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from(second)) });
    const sooner = await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from(first)) });
    expect(sooner).toMatchObject({ object: 'upload.part', upload_id: upload.id });
    const completed = await client.uploads.complete(upload.id, { part_ids: [sooner.id, later.id] });
    expect(completed).toMatchObject({ status: 'completed', file: { bytes: 100_000, filename: 'big.jsonl' } });
    const id = completed.file?.id ?? '';
    expect(await (await client.files.content(id)).text()).toBe(first + second);
    expect(await listBlobs(api)).toMatchObject([{ bytes: 100_000 }]);
    expect((await client.files.list()).data.map((file) => file.id)).toEqual([id]);
  });

  test('gives an upload up', async () => {
    await using api = await openTestApi();
    const client = openSdk(api);
    const upload = await client.uploads.create({
      bytes: 3,
      filename: 'a',
      mime_type: 'text/plain',
      purpose: 'batch',
    });
    await client.uploads.parts.create(upload.id, { data: await toFile(Buffer.from('abc')) });
    expect(await client.uploads.cancel(upload.id)).toMatchObject({ status: 'cancelled' });
    expect(await listBlobs(api)).toEqual([]);
  });
});
