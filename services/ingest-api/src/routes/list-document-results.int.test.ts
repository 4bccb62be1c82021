import type { DocumentResult } from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import { createDuties } from '@spillway/redis';
import { describe, expect, test } from 'vitest';
import { openRedisProxy, type RedisProxy } from '../testing/open-redis-proxy.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { testConfig } from '../testing/samples.ts';

async function resultsOf(api: TestApi, path: string): Promise<readonly DocumentResult[]> {
  const { status, headers, text } = await api.ask(path);
  expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as DocumentResult]));
}

describe('200: the outcomes so far', () => {
  test('one line a document in the order they were sent, without those that have not ended', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch([
      { name: 'a.txt', text: 'a' },
      { name: 'b.txt', text: 'b' },
      { name: 'c.pdf', text: '%PDF-' },
      { name: 'd.txt', text: 'Card 4111 1111 1111 1111' },
    ]);
    expect(await resultsOf(api, batch.results_url)).toMatchObject([{ document: 'c.pdf' }]);
    const [a, b, d] = api.jobIds as readonly [JobId, JobId, JobId];
    await api.life.complete(d, 'of d');
    await api.life.complete(a, 'of a', 'cloud');
    expect(await resultsOf(api, batch.results_url)).toMatchObject([
      { document: 'a.txt', job_id: a, status: 'completed', output: 'of a', why: 'local queue full' },
      { document: 'c.pdf', job_id: null, status: 'failed', error: { code: 'unsupported-format' } },
      { document: 'd.txt', job_id: d, status: 'completed', output: 'of d', why: 'pinned: card' },
    ]);
    await api.ask(`/v1/jobs/${b}/cancel`, { method: 'POST' });
    const all = await resultsOf(api, batch.results_url);
    expect(all.map(({ document }) => document)).toEqual(['a.txt', 'b.txt', 'c.pdf', 'd.txt']);
    expect(all[1]).toMatchObject({ status: 'cancelled', output: null, served_by: null, why: null });
  });

  test('begins after the document a client has, and beyond the last one is empty', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(['a', 'b', 'c'].map((text) => ({ name: text, text })));
    for (const id of api.jobIds) await api.life.complete(id);
    const from = async (after: string) =>
      (await resultsOf(api, `${batch.results_url}?after=${after}`)).map(({ document }) => document);
    expect(await from('0')).toEqual(['b', 'c']);
    expect(await from('2')).toEqual([]);
    expect(await from('999999999')).toEqual([]);
  });

  test('a document whose job is forgotten says so, and the others stay', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch(['a', 'b'].map((text) => ({ name: text, text })));
    const [first, second] = api.jobIds as readonly [JobId, JobId];
    await api.life.complete(first);
    await api.life.complete(second);
    const { redis, keys } = api.store;
    await redis.zadd(`${keys.prefix}retained`, 1, first);
    await createDuties(redis, keys).purgeRetained();
    expect(await resultsOf(api, batch.results_url)).toMatchObject([
      { document: 'a', job_id: first, status: 'expired', error: { code: 'forgotten' } },
      { document: 'b', status: 'completed' },
    ]);
  });

  test('many pages come whole and in order', async () => {
    await using api = await openTestApi({ config: testConfig({ limits: { max_batch_documents: 50 } }) });
    const names = Array.from({ length: 50 }, (_, index) => `${index}.txt`);
    const batch = await api.submitBatch(names.map((name) => ({ name, text: name })));
    for (const id of api.jobIds) await api.life.complete(id);
    expect((await resultsOf(api, batch.results_url)).map(({ document }) => document)).toEqual(names);
  });

  test('a stream that is cut short breaks off: it never ends as if these were all the results', async () => {
    let proxy: RedisProxy | undefined;
    await using api = await openTestApi({
      config: testConfig({ limits: { max_batch_documents: 40 } }),
      redisUrlOf: async (url) => {
        proxy = await openRedisProxy(url);
        return proxy.url;
      },
    });
    const batch = await api.submitBatch(
      Array.from({ length: 40 }, (_, index) => ({ name: `${index}`, text: 'x' })),
    );
    // Lines long enough that the second page is not read ahead into buffers.
    for (const id of api.jobIds) await api.life.complete(id, 'x'.repeat(200_000));
    const response = await fetch(api.url + batch.results_url, {
      headers: { authorization: 'Bearer key-of-acme' },
    });
    expect(response.status).toBe(200);
    await proxy?.cut();
    await expect(response.text()).rejects.toThrow('terminated');
    expect(api.log.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['results.cut']);
    expect(api.log.join('\n')).not.toContain('xxx');
  });
});

describe('400: the query does not match', () => {
  test.each(['', 'a', '-2', '1.5', '1e3', '99999999999'])('after=%s', async (after) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/document-batches/batch_${'0'.repeat(26)}/results?after=${after}`);
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ path: 'after' }] }]);
  });
});

describe('401: no key', () => {
  test('tells nothing', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch([{ name: 'a', text: 'a' }]);
    expect((await api.ask(batch.results_url, { tenant: null })).status).toBe(401);
  });
});

describe('404: no such batch of this tenant', () => {
  test('results of another tenant stay with it', async () => {
    await using api = await openTestApi();
    const batch = await api.submitBatch([{ name: 'a', text: 'a' }]);
    const answer = await api.ask(batch.results_url, { tenant: 'other' });
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'batch-not-found' }]);
  });

  test.each(['batch_1', `batch_${'0'.repeat(26)}`])('%s', async (raw) => {
    await using api = await openTestApi();
    const answer = await api.ask(`/v1/document-batches/${raw}/results`);
    expect([answer.status, answer.body]).toMatchObject([404, { code: 'batch-not-found' }]);
  });
});
