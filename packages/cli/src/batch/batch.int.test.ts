import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { serve, type Reply, type SeenRequest, type TestServer } from '@spillway/client/testing';
import type { BatchObject } from '@spillway/contracts';
import { idFromUuid } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runInTest, type TestRunOptions } from '../testing/run-in-test.ts';

const ID = idFromUuid('BatchId', '01990000-0000-7000-8000-000000000001');
const FILE_ID = idFromUuid('FileId', '01990000-0000-7000-8000-000000000002');
const LINE = { custom_id: 'a', method: 'POST', url: '/v1/embeddings', body: { model: 'm', input: 'x' } };

let cwd: string;
const servers: TestServer[] = [];
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'spillway-batch-'));
  await writeFile(join(cwd, 'in.jsonl'), `${JSON.stringify(LINE)}\n`);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server[Symbol.asyncDispose]()));
  await rm(cwd, { recursive: true });
});

async function start(handle: (request: SeenRequest, nth: number) => Reply | 'hang up') {
  const server = await serve(handle);
  servers.push(server);
  const env = { SPILLWAY_URL: server.url, SPILLWAY_API_KEY: 'k' };
  const run = (args: readonly string[], options: TestRunOptions = {}) =>
    runInTest(['batch', ...args], { cwd, env, ...options });
  return { server, run };
}

const sampleBatch = (changes: Partial<BatchObject> = {}): BatchObject => ({
  id: ID,
  object: 'batch',
  endpoint: '/v1/embeddings',
  model: null,
  errors: null,
  input_file_id: FILE_ID,
  completion_window: '24h',
  status: 'in_progress',
  output_file_id: null,
  error_file_id: null,
  created_at: 1_900_000_000,
  in_progress_at: null,
  expires_at: 1_900_086_400,
  finalizing_at: null,
  completed_at: null,
  failed_at: null,
  expired_at: null,
  cancelling_at: null,
  cancelled_at: null,
  request_counts: { total: 4, completed: 1, failed: 0 },
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
  metadata: null,
  paused: false,
  lines_per_second: 2,
  estimated_finish_at: null,
  retry_of: null,
  ...changes,
});
const COMPLETED = sampleBatch({
  status: 'completed',
  completed_at: 1_900_000_090,
  request_counts: { total: 4, completed: 3, failed: 1 },
});
const FILE = {
  id: FILE_ID,
  object: 'file',
  bytes: 1,
  created_at: 1,
  expires_at: 2,
  filename: 'in.jsonl',
  purpose: 'batch',
  status: 'processed',
  status_details: null,
};
const refusal = (status: number, code: string, param: string | null = null): Reply => ({
  status,
  body: { error: { message: 'it cannot be', type: 'invalid_request_error', param, code } },
});

describe('submit', () => {
  test('uploads the file as it is and makes a batch of it, for the endpoint of its first line', async () => {
    const { server, run } = await start(({ path }) => ({
      body: path === '/v1/files' ? FILE : sampleBatch(),
    }));
    const args = ['submit', 'in.jsonl', '--window', '2h', '--local-only', '--metadata', 'a=1'];
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${ID}\n` });
    expect(stderr).toContain(`spillway batch watch ${ID}`);
    const [upload, create] = server.seen;
    const type = upload?.headers['content-type'] ?? '';
    const form = await new Response(upload?.body, { headers: { 'content-type': type } }).formData();
    const file = form.get('file');
    expect(form.get('purpose')).toBe('batch');
    expect(file instanceof File && [file.name, await file.text()]).toEqual([
      'in.jsonl',
      `${JSON.stringify(LINE)}\n`,
    ]);
    expect(create?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(create?.headers.authorization).toBe('Bearer k');
    expect(JSON.parse(String(create?.body))).toEqual({
      input_file_id: FILE_ID,
      endpoint: '/v1/embeddings',
      completion_window: '2h',
      privacy: 'local_only',
      metadata: { a: '1' },
    });
  });

  test('refuses a file that is not there, and one that names no endpoint', async () => {
    const { server, run } = await start(() => ({ body: FILE }));
    await writeFile(join(cwd, 'other.jsonl'), '{"url":"/v1/other"}\n');
    expect((await run(['submit', 'nowhere.jsonl'])).stderr).toContain('cannot read the input');
    const { exitCode, stderr } = await run(['submit', 'other.jsonl']);
    expect({ exitCode, seen: server.seen.length }).toEqual({ exitCode: 2, seen: 0 });
    expect(stderr).toContain('give --endpoint');
  });
});

test('watch follows a batch to its end, and sits out a lost connection', async () => {
  const { run } = await start((_request, nth) => {
    if (nth === 2) return 'hang up';
    return { body: nth === 1 ? sampleBatch({ estimated_finish_at: null }) : COMPLETED };
  });
  const { exitCode, stdout, stderr } = await run(['watch', ID], { terminal: true });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/1\/4 \(25 %\) · 2\.0\/s · 2 s left · failed 0/);
  expect(stderr).toContain('waiting for the platform (unreachable)');
  expect(stderr).toContain('4/4 (100 %)');
  expect(stdout).toContain('3 of 4 completed, 1 failed');
  expect(stdout).toContain('(1 min 30 s)');
});

test('a batch whose input was refused ends watch with 1 and the lines that are wrong', async () => {
  const data = Array.from({ length: 12 }, (_value, index) => ({
    code: 'duplicate_custom_id',
    message: 'it was there before',
    param: 'custom_id',
    line: index + 1,
  }));
  const failed = sampleBatch({
    status: 'failed',
    failed_at: 1_900_000_001,
    errors: { object: 'list', data },
  });
  const { run } = await start(() => ({ body: failed }));
  const { exitCode, stdout } = await run(['watch', ID]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('✗ line 10: it was there before [duplicate_custom_id]\nand 2 more');
});

test.each(['cancel', 'pause', 'resume', 'retry'])('%s asks the platform for it', async (what) => {
  const { server, run } = await start(() => ({ body: sampleBatch({ paused: what === 'pause' }) }));
  const { exitCode, stdout } = await run([what, ID]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(ID);
  expect(stdout.includes('paused')).toBe(what === 'pause');
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /v1/batches/${ID}/${what}`,
  ]);
  expect(server.seen[0]?.headers['idempotency-key'] !== undefined).toBe(what === 'retry');
});

test('status is the batch as the platform has it', async () => {
  const { run } = await start(() => ({ body: COMPLETED }));
  expect(JSON.parse((await run(['status', ID, '--json'])).stdout)).toEqual(COMPLETED);
});

const lineOf = (seq: number): string => `{"custom_id":"é${seq}","seq":${seq}}\n`;

describe('results', () => {
  test('go to stdout as they are', async () => {
    const { run } = await start(() => ({ body: lineOf(0) + lineOf(1) }));
    expect((await run(['results', ID])).stdout).toBe(lineOf(0) + lineOf(1));
  });

  test('are written no faster than stdout takes them', async () => {
    const lines = Array.from({ length: 500 }, (_value, seq) => lineOf(seq));
    const { run } = await start(() => ({ body: lines.join('') }));
    const taken: string[] = [];
    let mostWaiting = 0;
    const slow = new Writable({
      decodeStrings: false,
      highWaterMark: 256,
      write: (text: string, _encoding, done) => {
        taken.push(text);
        mostWaiting = Math.max(mostWaiting, slow.writableLength);
        setImmediate(done);
      },
    });
    expect((await run(['results', ID], { stdout: slow })).exitCode).toBe(0);
    await once(slow.end(), 'finish');
    expect(taken).toEqual(lines);
    expect(mostWaiting).toBeLessThan(512);
  });

  test.each([
    ['breaks', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })],
    ['is closed', undefined],
  ])('end quietly when stdout %s', async (_what, error) => {
    const { run } = await start(() => ({ body: lineOf(0) + lineOf(1) }));
    const closing = new Writable({ write: () => closing.destroy(error) });
    expect(await run(['results', ID], { stdout: closing })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('follow to the end, each line once, also when the stream breaks inside one', async () => {
    let asked = 0;
    const { server, run } = await start(({ path }) => {
      if (!path.endsWith('/results')) return { body: asked < 2 ? sampleBatch() : COMPLETED };
      asked += 1;
      if (asked > 1) return { body: asked === 2 ? lineOf(1) : lineOf(2) };
      return {
        body: (response) => {
          response.write(lineOf(0) + lineOf(1).slice(0, 9), () => response.destroy());
        },
      };
    });
    const { exitCode, stderr } = await run(['results', ID, '--follow', '--out', 'out.jsonl']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('3 lines in out.jsonl\n');
    expect(await readFile(join(cwd, 'out.jsonl'), 'utf8')).toBe(lineOf(0) + lineOf(1) + lineOf(2));
    const results = server.seen.filter(({ path }) => path.endsWith('/results'));
    expect(results.map(({ query }) => query.get('after'))).toEqual([null, '0', '1']);
    expect(results.map(({ headers }) => headers['prefer'])).toEqual(['wait=30', 'wait=30', undefined]);
  });

  test('leave no half a file behind', async () => {
    let isKnown = false;
    const { run } = await start(() => (isKnown ? { body: lineOf(0) } : refusal(404, 'batch_not_found')));
    expect((await run(['results', ID, '--out', 'out.jsonl'])).exitCode).toBe(3);
    expect(await readdir(cwd)).toEqual(['in.jsonl']);
    isKnown = true;
    const { exitCode, stderr } = await run(['results', ID, '--out', 'nowhere/out.jsonl']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cannot write');
  });
});

test.each([
  [refusal(409, 'batch_ended'), 'it cannot be [batch-ended]'],
  [refusal(400, 'invalid_request', 'endpoint'), 'endpoint: it cannot be'],
  [{ status: 502, body: 'bad gateway' }, 'It answered HTTP 502'],
  [{ body: { object: 'batch' } }, 'Its answer differs at'],
])('a refusal ends with 3 and says why', async (reply, message) => {
  const { run } = await start(() => reply);
  const { exitCode, stderr } = await run(['cancel', ID]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(message);
});
