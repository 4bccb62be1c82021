import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { sampleOutcome } from '../testing/batch-life.ts';
import { listBlobs } from '../testing/list-blobs.ts';
import { openBatch } from '../testing/open-batch.ts';
import { openBehindProxy } from '../testing/open-behind-proxy.ts';
import { batchForm, KEYS } from '../testing/samples.ts';

const MESSAGES = '/v1/messages/batches';
const requests = { requests: [{ custom_id: 'a', params: { model: 'small' } }] };
const key = { 'idempotency-key': 'k' };

describe('503: Redis is away', () => {
  test('every face says so in its own words, and a submission under its key is made when Redis is back', async () => {
    await using opened = await openBehindProxy();
    const { api, proxy } = opened;
    await proxy.cut();
    const id = '0'.repeat(26);
    const openai = await api.ask(`/v1/batches/batch_${id}`);
    expect([openai.status, openai.body]).toMatchObject([503, { error: { code: 'store_unavailable' } }]);
    const anthropic = await api.ask(`${MESSAGES}/msgbatch_${id}`);
    expect([anthropic.status, anthropic.body]).toMatchObject([503, { error: { type: 'overloaded_error' } }]);
    const post = () => api.ask(MESSAGES, { method: 'POST', body: requests, headers: key });
    expect((await post()).status).toBe(503);

    await proxy.restore();
    await expect.poll(async () => (await post()).status, { timeout: 3000 }).toBe(200);
    expect((await api.ask(MESSAGES)).body).toMatchObject({ data: [{ request_counts: { processing: 1 } }] });
    expect(api.log).toEqual([]);
  });
});

describe('a reply that is lost on the way', () => {
  test.each([
    ['requests', MESSAGES, () => requests],
    ['documents', '/v1/document-batches', () => batchForm([{ name: 'a.txt', text: 'a' }])],
  ])('leaves one batch of %s, with its input', async (_what, path, body) => {
    await using opened = await openBehindProxy();
    const { api, proxy } = opened;
    await api.ask(path);
    proxy.loseNextReply();
    const post = () => api.ask(path, { method: 'POST', body: body(), headers: key });
    const first = await post();
    const again = first.status === 503 ? await post() : first;
    expect(again.status).toBeLessThan(300);
    const { data } = (await api.ask(path)).body as { data: readonly { id: string }[] };
    expect(data).toMatchObject([{ id: (again.body as { id: string }).id }]);
    const own = data[0]?.id.replace(/^msg/, '') ?? '';
    const inputs = (await listBlobs(api)).filter(
      ({ key: blob }) => blob.path === `batches/${own}/input.jsonl`,
    );
    expect(inputs).toHaveLength(1);
  });
});

/** One line, which is sent on before the next one fails. */
async function* oneLineOnly(): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(`${JSON.stringify(sampleOutcome(0, { body: { text: 'secret' } }))}\n`);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  throw new Error('the disk went away');
}

describe('results that are cut short', () => {
  test('break off: they never end as if these were all, and the log holds nothing of them', async () => {
    let isBroken = false;
    await using opened = await openBatch(1, {
      blobsOf: (blobs) => ({
        ...blobs,
        read: async (blob, options) => {
          const read = await blobs.read(blob, options);
          if (read === undefined || !isBroken) return read;
          const body = oneLineOnly();
          return { ...read, body: Object.assign(body, { [Symbol.asyncDispose]: async () => undefined }) };
        },
      }),
    });
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 1);
    await api.batchLife.end(id);
    isBroken = true;
    const response = await fetch(`${api.url}${path}/results`, {
      headers: { authorization: `Bearer ${KEYS.acme}` },
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(api.log.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['results.cut']);
    expect(api.log.join('\n')).not.toContain('secret');
  });
});
