import type { JobListBody } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { createNewIds } from '../new-ids.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { chat } from '../testing/samples.ts';

const list = async (api: TestApi, query: string): Promise<JobListBody> =>
  (await api.ask(`/v1/jobs${query}`)).body as JobListBody;
const idsOf = ({ data }: JobListBody) => data.map(({ id }) => id);

describe('200: one page', () => {
  test('newest first, by page, until there are no more', async () => {
    await using api = await openTestApi();
    for (let count = 0; count < 5; count += 1) await api.submit();
    const newest = api.jobIds.toReversed();
    const first = await list(api, '?limit=2');
    expect(first).toMatchObject({ first_id: newest[0], last_id: newest[1], has_more: true });
    const second = await list(api, `?limit=2&after=${first.last_id}`);
    const third = await list(api, `?limit=2&after=${second.last_id}`);
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(newest);
    expect(third.has_more).toBe(false);
  });

  test('is empty for a tenant without jobs, and never shows those of another', async () => {
    await using api = await openTestApi();
    await api.submit(chat(), {}, 'other');
    expect(await list(api, '')).toEqual({
      object: 'list',
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
  });

  test('can be narrowed to a status, a class and a batch', async () => {
    await using api = await openTestApi();
    const queued = await api.submit();
    const dispatched = await api.submit();
    const running = await api.submit(chat('x', { class: 'interactive' }));
    await api.life.run(running.id);
    const completed = await api.submit();
    await api.life.complete(completed.id);
    await api.life.dispatch(dispatched.id);
    const batch = await api.submitBatch([{ name: 'a.txt', text: 'a' }]);
    const inBatch = createNewIds().newJobId();
    await api.batchLife.begin(batch.id, 1);
    await api.batchLife.feed(batch.id, inBatch);
    expect(idsOf(await list(api, '?status=queued'))).toEqual([inBatch, dispatched.id, queued.id]);
    expect(idsOf(await list(api, '?status=running'))).toEqual([running.id]);
    expect(idsOf(await list(api, '?status=completed'))).toEqual([completed.id]);
    expect(idsOf(await list(api, '?class=interactive'))).toEqual([running.id]);
    expect(idsOf(await list(api, `?batch_id=${batch.id}`))).toEqual([inBatch]);
    expect(idsOf(await list(api, '?status=failed&class=batch'))).toEqual([]);
  });
});

describe('400: the query does not match', () => {
  test.each([
    ['status=done', 'status'],
    ['class=', 'class'],
    ['after=job_1', 'after'],
    ['batch_id=job_00000000000000000000000000', 'batch_id'],
    ['limit=0', 'limit'],
    ['limit=', 'limit'],
    ['limit=101', 'limit'],
    ['limit=NaN', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['page=2', 'page'],
    ['status[]=queued', 'status[]'],
  ])('%s', async (query, path) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/jobs?${query}`);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'invalid-request', errors: [{ path }] },
    ]);
  });
});

describe('401: no key', () => {
  test('shows nothing', async () => {
    await using api = await openTestApi();
    expect((await api.ask('/v1/jobs', { tenant: null })).status).toBe(401);
  });
});
