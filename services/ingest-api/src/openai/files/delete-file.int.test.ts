import { idFromUuid, parseId } from '@spillway/core';
import type { FileObject } from '@spillway/contracts';
import { randomUUIDv7 } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listBlobs } from '../../testing/list-blobs.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { fieldPart, filePart, FORM_TYPE, rawForm } from '../../testing/raw-form.ts';

async function upload(api: TestApi): Promise<FileObject> {
  const body = rawForm(filePart('file', 'a', 'x'), fieldPart('purpose', 'batch'));
  const answer = await api.ask('/v1/files', { method: 'POST', body, headers: { 'content-type': FORM_TYPE } });
  return answer.body as FileObject;
}
const remove = (api: TestApi, id: string) => api.ask(`/v1/files/${id}`, { method: 'DELETE' });

describe('200: it is gone', () => {
  test('with its bytes and every trace, and the second time there is nothing to delete', async () => {
    await using api = await openTestApi();
    const { id } = await upload(api);
    const answer = await remove(api, id);
    expect([answer.status, answer.body]).toEqual([200, { id, object: 'file', deleted: true }]);
    expect(await listBlobs(api)).toEqual([]);
    expect(await api.store.redis.keys(`${api.store.keys.prefix}*file*`)).toEqual([]);
    expect((await remove(api, id)).status).toBe(404);
  });
});

describe('409: a batch reads it', () => {
  test('it stays until the batch has ended, and no client is to try again at once', async () => {
    await using api = await openTestApi();
    const file = await upload(api);
    const id = parseId('FileId', file.id);
    if (!id.ok) throw new Error('not an id');
    const users = api.store.keys.fileUsers(id.value);
    await api.store.redis.sadd(users, idFromUuid('BatchId', randomUUIDv7()));
    const answer = await remove(api, file.id);
    expect([answer.status, answer.body]).toMatchObject([409, { error: { code: 'file_in_use' } }]);
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect((await api.ask(`/v1/files/${file.id}/content`)).text).toBe('x');
    await api.store.redis.del(users);
    expect((await remove(api, file.id)).status).toBe(200);
  });
});

describe('404: its time is over', () => {
  test('an expired file is nowhere from that instant, although nobody cleared it away', async () => {
    await using api = await openTestApi();
    const { id } = await upload(api);
    await api.store.redis.hset(`${api.store.keys.prefix}file:${id}`, 'expires_at_ms', Date.now());
    for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) {
      expect((await api.ask(path)).status).toBe(404);
    }
    expect((await remove(api, id)).status).toBe(404);
    expect((await api.ask('/v1/files')).body).toMatchObject({ data: [], has_more: false });
    expect(await listBlobs(api)).toHaveLength(1);
  });
});
