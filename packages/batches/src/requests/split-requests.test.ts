import { openTestBlobStore } from '@spillway/blobs/testing';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  nat,
  record,
  string,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchPaths } from '../batch-paths.ts';
import { parseLine } from '../input/parse-line.ts';
import { inChunks } from '../testing/in-chunks.ts';
import { BATCH_ID, TENANT } from '../testing/outcomes.ts';
import { type RequestLimits, splitRequests } from './split-requests.ts';
import { writeRequests } from './write-requests.ts';

const signal = new AbortController().signal;
const limits: RequestLimits = { mostRequests: 100, mostRequestBytes: 100_000 };
const key = { tenantId: TENANT, path: batchPaths(BATCH_ID).input };

const split = (
  body: string | Uint8Array,
  borders: readonly number[] = [],
  most: Partial<RequestLimits> = {},
) => Array.fromAsync(splitRequests(inChunks(body, borders), { ...limits, ...most }, { signal }));

/** What the body is refused with. */
const refusal = async (body: string | Uint8Array, most: Partial<RequestLimits> = {}): Promise<unknown> => {
  const results = await split(body, [], most);
  const last = results.at(-1);
  return last?.ok === false ? last.error : undefined;
};

const params = dictionary(string(), jsonValue());

const one = (id: string, length = 100): string =>
  `{"custom_id":"${id}","params":{"x":"${'y'.repeat(length)}"}}`;

async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('{"requests":[{"custom_id":"a","params":{}},');
  throw new Error('the connection was lost');
}

describe('splitRequests', () => {
  test('any requests come out as they went in, wherever the chunks are cut and however it is indented', async () => {
    const body = record({
      all: array(params, { minLength: 1, maxLength: 8 }),
      indent: constantFrom(undefined, 1, '\t', '  '),
      borders: array(nat(2000), { maxLength: 30 }),
    });
    await assert(
      asyncProperty(body, async ({ all, indent, borders }) => {
        const requests = all.map((each, index) => ({ custom_id: `r-${index}`, params: each }));
        const text = JSON.stringify({ requests }, null, indent);
        const found = await split(text, borders);
        const lines = found.map((result) =>
          result.ok ? result.value.line.toString('utf8') : result.error.detail,
        );
        expect(lines.map((line): unknown => JSON.parse(line))).toEqual(
          requests.map((request): unknown => JSON.parse(JSON.stringify(request))),
        );
        for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 300 },
    );
  });

  test('one byte at a time is no different', async () => {
    const text = String.raw`{ "requests" : [ {"custom_id":"a\u002db","params":{"x":"\\\"}]\\"}} ,{"params":{},"custom_id":"b"}]} `;
    const everywhere = Array.from({ length: text.length }, (_, at) => at);
    const found = await split(text, everywhere);
    expect(found.map((result) => result.ok && [result.value.customId, result.value.line.toString()])).toEqual(
      [
        ['a-b', String.raw`{"custom_id":"a\u002db","params":{"x":"\\\"}]\\"}}`],
        ['b', '{"params":{},"custom_id":"b"}'],
      ],
    );
  });

  test('a request that trickles in byte by byte is whole', async () => {
    const body = `{"requests":[${one('a', 3000)}]}`;
    const everywhere = Array.from({ length: body.length }, (_, at) => at);
    const [found] = await split(body, everywhere);
    expect(found?.ok === true && found.value.line.toString('utf8')).toBe(one('a', 3000));
  });

  test('a body cut anywhere is refused, and never taken for a shorter one', async () => {
    const text = '{"requests": [{"custom_id":"a","params":{}}, {"custom_id":"b","params":{"x":[1,"]}"]}}]}';
    for (let length = 0; length < text.length; length += 1) {
      expect(await refusal(text.slice(0, length))).toEqual({
        kind: 'invalid',
        detail: 'the body ends before the list of requests does',
      });
    }
    expect(await refusal(text)).toBeUndefined();
  });

  test.each([
    ['[]', 'the body: must be {"requests": [{"custom_id": …, "params": {…}}, …]} and nothing else'],
    ['{}', 'the body: must be {"requests": [{"custom_id": …, "params": {…}}, …]} and nothing else'],
    ['{"model":"m","requests":[]}', 'the body: only "requests" is permitted'],
    [`{"${'x'.repeat(200)}":[]}`, 'the body: only "requests" is permitted'],
    ['{"requests":{}}', 'requests: must be a list'],
    ['{"requests":[]}', 'requests: must hold at least one object'],
    ['{"requests":["a"]}', 'requests: must hold at least one object'],
    ['{"requests":[{"custom_id":"a","params":{}},]}', 'requests.1: must be an object'],
    [
      '{"requests":[{"custom_id":"a","params":{}} {',
      'requests: must go on with a comma or end after requests.0',
    ],
    [
      '{"requests":[{"custom_id":"a","params":{}}],"x":1}',
      'the body: must be {"requests": [{"custom_id": …, "params": {…}}, …]} and nothing else',
    ],
    [
      '{"requests":[{"custom_id":"a","params":{}}]}{',
      'the body: must be {"requests": [{"custom_id": …, "params": {…}}, …]} and nothing else',
    ],
    ['{"requests":[{"custom_id":"a","params":{}},{nonsense}]}', 'requests.1: must be valid JSON in UTF-8'],
    ['{"requests":[{"custom_id":"a","params":{]}}]}', 'requests.0: must be valid JSON in UTF-8'],
    [
      '{"requests":[{"params":{}}]}',
      'requests.0.custom_id: field required: must be a text of 1 to 64 letters, digits, "_" or "-"',
    ],
    [
      '{"requests":[{"custom_id":"a b","params":{}}]}',
      'requests.0.custom_id: must be a text of 1 to 64 letters, digits, "_" or "-"',
    ],
    ['{"requests":[{"custom_id":"a"}]}', 'requests.0.params: must be an object: a request to /v1/messages'],
    ['{"requests":[{"custom_id":"a","params":{},"x":1}]}', 'requests.0.x: extra inputs are not permitted'],
    [
      '{"requests":[{"custom_id":"a","params":{}},{"custom_id":"a","params":{}}]}',
      'requests.1.custom_id: is that of requests.0 too',
    ],
  ])('%s is refused with its place', async (body, detail) => {
    expect(await refusal(body)).toEqual({ kind: 'invalid', detail });
  });

  test('bytes that are not UTF-8 are refused', async () => {
    const body = Buffer.from('{"requests":[{"custom_id":"a","params":{"x":"?"}}]}');
    body[body.indexOf('?')] = 0xff;
    expect(await refusal(body)).toEqual({
      kind: 'invalid',
      detail: 'requests.0: must be valid JSON in UTF-8',
    });
  });

  test('a request or a list beyond the limits is refused while it comes in', async () => {
    const body = `{"requests":[${one('a')},${one('b')}]}`;
    const most = (mostRequestBytes: number) => refusal(body, { mostRequestBytes });
    expect(await most(one('a').length)).toBeUndefined();
    expect(await most(one('a').length - 1)).toEqual({
      kind: 'too-large',
      detail: `requests.0: must be at most ${one('a').length - 1} bytes`,
    });
    const tooMany = { kind: 'too-large', detail: 'requests: must hold at most 1' };
    expect(await refusal(body, { mostRequests: 1 })).toEqual(tooMany);
  });
});

describe('writeRequests', () => {
  test('makes an input of one line a request', async () => {
    await using store = await openTestBlobStore();
    const requests = ['a', 'b'].map((id) => ({
      custom_id: id,
      params: { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: id }] },
    }));
    const body = inChunks(JSON.stringify({ requests }, null, 2), [30, 60]);
    const written = await writeRequests(store.blobs, key, body, limits, { signal });
    const read = await store.blobs.read(key, { signal });
    const text = Buffer.concat(read === undefined ? [] : await Array.fromAsync(read.body)).toString('utf8');
    expect(written).toEqual({ ok: true, value: { requests: 2, bytes: Buffer.byteLength(text) } });
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => parseLine('anthropic', line)),
    ).toEqual(
      requests.map(({ custom_id, params: request }) => ({
        ok: true,
        value: { customId: custom_id, endpoint: '/v1/messages', request },
      })),
    );
  });

  test('leaves nothing behind when the body is refused or breaks off', async () => {
    await using store = await openTestBlobStore();
    const refused = inChunks('{"requests":[{"custom_id":"a","params":{}},7]}');
    expect(await writeRequests(store.blobs, key, refused, limits, { signal })).toMatchObject({ ok: false });
    const lost = writeRequests(store.blobs, key, broken(), limits, { signal });
    await expect(lost).rejects.toThrow('the connection was lost');
    expect(await store.blobs.stat(key, { signal })).toBeUndefined();
  });
});
