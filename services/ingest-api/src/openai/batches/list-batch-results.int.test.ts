import { batchPaths } from '@spillway/batches';
import type { TenantId } from '@spillway/core';
import { describe, expect, test } from 'vitest';
import { failedOutcome, sampleOutcome } from '../../testing/batch-life.ts';
import { openBatch } from '../../testing/open-batch.ts';
import { KEYS } from '../../testing/samples.ts';

interface Line {
  readonly custom_id: string;
  readonly seq: number;
}
const parse = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
const seen = (text: string) => parse(text).map(({ custom_id, seq }) => [seq, custom_id]);

describe('200: the results there are', () => {
  test('come in the order in which they ended, wherever they stand, the same before and after the end', async () => {
    await using opened = await openBatch(4);
    const { api, id, path } = opened;
    const results = async () => (await api.ask(`${path}/results`)).text;
    expect(await results()).toBe('');
    await api.batchLife.begin(id, 4);
    await api.batchLife.settle(id, sampleOutcome(2), failedOutcome(0));
    await api.batchLife.drain(id);
    await api.batchLife.settle(id, sampleOutcome(3));
    const running = await results();
    expect(seen(running)).toEqual([
      [0, 'line-2'],
      [1, 'line-0'],
      [2, 'line-3'],
    ]);
    expect(parse(running)[0]).toMatchObject({
      response: { status_code: 200, body: { answer: 2 } },
      error: null,
    });
    expect(parse(running)[1]).toMatchObject({ response: null, error: { code: 'request_timeout' } });
    await api.batchLife.drain(id);
    expect(await results()).toBe(running);
    await api.batchLife.settle(id, sampleOutcome(1));
    await api.batchLife.end(id);
    const ended = await results();
    expect(ended.startsWith(running)).toBe(true);
    expect(seen(ended.slice(running.length))).toEqual([[3, 'line-1']]);
  });

  test('`after` goes on behind the last line seen, across part files and the journal', async () => {
    await using opened = await openBatch(4);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 4);
    await api.batchLife.settle(id, ...[0, 1, 2].map((line) => sampleOutcome(line)));
    await api.batchLife.drain(id);
    await api.batchLife.settle(id, sampleOutcome(3));
    const after = async (seq: number) => seen((await api.ask(`${path}/results?after=${seq}`)).text);
    const rest = [
      [2, 'line-2'],
      [3, 'line-3'],
    ];
    expect([await after(1), await after(2), await after(3)]).toEqual([rest, rest.slice(1), []]);
    await api.batchLife.end(id);
    expect([await after(1), await after(9)]).toEqual([rest, []]);
  });

  test('a wait follows the batch to its end, line by line', async () => {
    await using opened = await openBatch(3);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 3);
    await api.batchLife.settle(id, sampleOutcome(0));
    const response = await fetch(`${api.url}${path}/results`, {
      headers: { authorization: `Bearer ${KEYS.acme}`, prefer: 'wait=30' },
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(seen((await reader?.read())?.value ?? '')).toEqual([[0, 'line-0']]);
    await api.batchLife.settle(id, sampleOutcome(1));
    expect(seen((await reader?.read())?.value ?? '')).toEqual([[1, 'line-1']]);
    await api.batchLife.drain(id);
    await api.batchLife.settle(id, sampleOutcome(2));
    await api.batchLife.end(id);
    expect(seen((await reader?.read())?.value ?? '')).toEqual([[2, 'line-2']]);
    expect((await reader?.read())?.done).toBe(true);
  });

  test('a wait that is over ends the lines cleanly', async () => {
    await using opened = await openBatch(2);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 2);
    await api.batchLife.settle(id, sampleOutcome(0));
    const startedAtMs = performance.now();
    const answer = await api.ask(`${path}/results`, { headers: { prefer: 'wait=1' } });
    expect(seen(answer.text)).toEqual([[0, 'line-0']]);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
    expect(api.log).toEqual([]);
  });

  test('HEAD answers without a body', async () => {
    await using opened = await openBatch(1);
    const answer = await opened.api.ask(`${opened.path}/results`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  });

  test('ten thousand results come whole', async () => {
    await using opened = await openBatch(1);
    const { api, id, path } = opened;
    await api.batchLife.begin(id, 1);
    await api.batchLife.end(id);
    const key = { tenantId: 'acme' as TenantId, path: batchPaths(id).journal };
    const lines = Array.from({ length: 10_000 }, (_, line) => `${JSON.stringify(sampleOutcome(line))}\n`);
    await api.blobs.write(key, [Buffer.from(lines.join(''))], { signal: AbortSignal.timeout(5000) });
    const { text } = await api.ask(`${path}/results`);
    expect(parse(text).map(({ seq }) => seq)).toEqual(lines.map((_, seq) => seq));
  });
});

describe('400: what to ask after', () => {
  test.each(['after=x', 'after=-1', 'after=1&after=2', 'before=1'])('%s', async (query) => {
    await using opened = await openBatch(1);
    const { status, body } = await opened.api.ask(`${opened.path}/results?${query}`);
    expect([status, body]).toMatchObject([400, { error: { code: 'invalid_request' } }]);
  });
});
