import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTrace, type ReadTraceOptions } from './read-trace.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-trace-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array, options: ReadTraceOptions = {}) {
  const path = join(folder, 'a.trace');
  await writeFile(path, content);
  return readTrace(path, options);
}
const valueOf = async (content: string | Uint8Array, options?: ReadTraceOptions) => {
  const trace = await read(content, options);
  if (!trace.ok) throw new Error(trace.error);
  return trace.value;
};
const errorOf = async (content: string | Uint8Array, options?: ReadTraceOptions) => {
  const trace = await read(content, options);
  return trace.ok ? `read ${trace.value.records.length}` : trace.error;
};

const VTC = '{"t": 1.5, "client": "13", "in": 13, "out": 199}\n';

describe('each published kind is recognised by its first line', () => {
  test('Azure 2023: parts of a millisecond stay, and what was never answered is counted, not run', async () => {
    const trace = await valueOf(
      'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n' +
        '2023-11-16 18:15:46.9999999,9,0\r\n2023-11-16 18:15:50.9951690,396,109\r\n',
    );
    expect(trace).toMatchObject({ name: 'a.trace', format: 'azure', leftOut: 1 });
    expect(trace.records).toEqual([
      { atMs: 0, inputTokens: 374, outputTokens: 44 },
      { atMs: expect.closeTo(4314.579, 2) as number, inputTokens: 396, outputTokens: 109 },
    ]);
  });

  test('Azure 2024: zones count', async () => {
    const { records } = await valueOf(
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n' +
        '2024-05-10 02:00:01.009930+02:00,2399,6\n',
    );
    expect(records.map(({ atMs }) => Math.round(atMs))).toEqual([0, 1000]);
  });

  test('BurstGPT: with and without sessions, quotes and whole numbers that went through a data frame', async () => {
    const later = await valueOf(
      'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n' +
        '5,7,1.2,ChatGPT,472,18,490,Conversation log\n6,8,1.2,"GPT-4",10.0,4.0,14,API log\n7,,1.2,GPT-4,10,0,10,API log\n',
    );
    expect(later.leftOut).toBe(1);
    expect(later.records).toEqual([
      { atMs: 0, inputTokens: 472, outputTokens: 18, model: 'ChatGPT', task: 'conversation', key: '7' },
      { atMs: 1000, inputTokens: 10, outputTokens: 4, model: 'GPT-4', task: 'api', key: '8' },
    ]);
    const first = await valueOf(
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n',
    );
    expect(first.records).toHaveLength(1);
  });

  test('Mooncake: with the hashes of its blocks', async () => {
    const { records } = await valueOf(
      '{"timestamp": 27, "input_length": 1100, "output_length": 5, "hash_ids": [0, 1, 2]}\n',
    );
    expect(records).toEqual([{ atMs: 0, inputTokens: 1100, outputTokens: 5, prefix: [0, 1, 2] }]);
  });

  test('VTC: clients are tenants, by names a configuration could have', async () => {
    const { records } = await valueOf(`${VTC}{"t": 2, "client": "<b>Łódź Ltd</b>", "in": 1, "out": 1}`);
    expect(records[0]).toEqual({ atMs: 0, inputTokens: 13, outputTokens: 199, tenant: '13' });
    expect(records[1]?.tenant).toMatch(/^b-d-ltd-b-[0-9a-f]{8}$/);
  });

  test('our own: every field arrives, in any order of lines', async () => {
    const { records } = await valueOf(
      '{"v":1,"at_ms":2000,"tenant":"t-1","key":"k","class":"batch","pinned":true,"input_tokens":8,"output_tokens":0,' +
        '"max_output_tokens":9,"model":"m","task":"x","strategy":"cost","deadline_ms":5,"prefix":[4]}\n' +
        '{"v":1,"at_ms":1000,"input_tokens":1,"output_tokens":2}\n',
    );
    expect(records).toEqual([
      { atMs: 0, inputTokens: 1, outputTokens: 2 },
      {
        atMs: 1000,
        inputTokens: 8,
        outputTokens: 0,
        maxOutputTokens: 9,
        tenant: 't-1',
        key: 'k',
        jobClass: 'batch',
        pinned: true,
        model: 'm',
        task: 'x',
        strategy: 'cost',
        deadlineMs: 5,
        prefix: [4],
      },
    ]);
  });
});

describe('files as they come', () => {
  test('gzip is seen by its first bytes, a byte order mark and blank lines are passed over', async () => {
    const { records } = await valueOf(gzipSync(`\uFEFF${VTC}\n\n${VTC}`));
    expect(records).toHaveLength(2);
  });

  test('only as many requests are read as were asked for', async () => {
    const trace = await valueOf(`${VTC.repeat(5)}nonsense`, { maxRequests: 3 });
    expect(trace.records).toHaveLength(3);
  });

  test('reading stops when it is told to', async () => {
    await expect(read(VTC, { signal: AbortSignal.abort(new Error('interrupted')) })).rejects.toThrow(
      'interrupted',
    );
  });
});

describe('a mistake is named with its file and line, and without what stands there', () => {
  const AZURE = 'TIMESTAMP,ContextTokens,GeneratedTokens\n';
  test.each([
    [
      'a number that is none',
      `${AZURE}2023-11-16 18:15:46,secret,4\n`,
      /^a\.trace:2: ContextTokens must be a whole/,
    ],
    ['too many tokens', `${AZURE}2023-11-16 18:15:46,99999999,4\n`, /^a\.trace:2: ContextTokens must be/],
    ['a time that is none', `${AZURE}secret,1,4\n`, /^a\.trace:2: TIMESTAMP must look like/],
    [
      'too few columns',
      `${AZURE}\n2023-11-16 18:15:46,1\n`,
      /^a\.trace:3: it has 2 columns where the header has 3/,
    ],
    ['an open quote', `${AZURE}"secret,1,4\n`, /^a\.trace:2: a quote is not closed/],
    ['negative tokens', `${VTC}{"t":2,"client":"secret","in":-1,"out":1}\n`, /^a\.trace:2: in: Too small/],
    ['no JSON', `${VTC}secret\n`, /^a\.trace:2: not a line of JSON/],
    [
      'a hash that is no integer',
      '{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[0.5]}',
      /hash_ids\.0/,
    ],
    ['another version', '{"v":2,"at_ms":0,"input_tokens":1,"output_tokens":2}', /^a\.trace:1: v: must be 1/],
    [
      'an unknown field',
      '{"v":1,"at_ms":0,"input_tokens":1,"output_tokens":2,"prompt":"secret"}',
      /^a\.trace:1: /,
    ],
    ['another file', 'Dear secret,\n', /^a\.trace:1: this is not how a trace begins[\s\S]*azure: TIMESTAMP/],
    ['nothing', '', /^a\.trace holds no request/],
    ['a header alone', AZURE, /^a\.trace holds no request/],
    ['a gzip cut off', gzipSync(VTC.repeat(9)).subarray(0, 40), /^a\.trace:\d+: the gzipped file is damaged/],
    [
      'bytes',
      Buffer.concat([Buffer.from(VTC), Buffer.from([0xff, 0xfe, 10])]),
      /^a\.trace:2: the line is not UTF-8/,
    ],
  ])('%s', async (_name, content, expected) => {
    const error = await errorOf(content);
    expect(error).toMatch(expected);
    expect(error).not.toContain('secret');
  });

  test('a line without an end is not taken into memory, unfolded or not', async () => {
    const endless = Buffer.alloc(20_000_000, 'a');
    for (const content of [endless, gzipSync(endless)])
      expect(await errorOf(content)).toBe('a.trace:1: the line is longer than 4194304 bytes');
  });

  test('a format that was named is the only one tried', async () => {
    expect(await errorOf(VTC, { format: 'azure' })).toMatch(/must look like:\n {2}azure/);
    expect(await errorOf(VTC, { format: 'vtc' })).toBe('read 1');
  });

  test('a file that is not there, and a folder', async () => {
    expect(await readTrace(join(folder, 'none'))).toMatchObject({
      error: expect.stringMatching(/none cannot be read: there is no such file$/) as string,
    });
    expect(await readTrace(folder)).toMatchObject({
      error: expect.stringMatching(/cannot be read: it is a folder$/) as string,
    });
  });
});
