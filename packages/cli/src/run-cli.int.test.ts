import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  completedJob,
  problem,
  sampleJob,
  serve,
  type Reply,
  type TestServer,
} from '@spillway/client/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { runInTest } from './testing/run-in-test.ts';

const JOB = sampleJob();
const stack: TestServer[] = [];
afterEach(async () => {
  await Promise.all(stack.splice(0).map((server) => server[Symbol.asyncDispose]()));
});

async function start(handle: Parameters<typeof serve>[0]) {
  const server = await serve(handle);
  stack.push(server);
  const env = { SPILLWAY_URL: server.url, SPILLWAY_API_KEY: 'secret-key' };
  const lastBody = (): unknown => JSON.parse(String(server.seen.at(-1)?.body));
  return { server, env, lastBody };
}

const accepted = (): Reply => ({ status: 202, body: JOB });

describe('submit', () => {
  test('takes the words as a prompt, with the options in their places', async () => {
    const { server, env, lastBody } = await start(accepted);
    const run = await runInTest(
      [
        'submit',
        'sum',
        'this',
        'up',
        '--model',
        'small',
        '--system',
        'be brief',
        '--max-tokens',
        '9',
        '--local-only',
      ]
        .concat([
          '--class',
          'batch',
          '--deadline',
          '2h',
          '--strategy',
          'auto',
          '--metadata',
          'a=1',
          '--metadata',
          'b=x=y',
        ])
        .concat(['--webhook', 'https://example.com/hook', '--idempotency-key', 'mine']),
      { env },
    );
    expect(run).toMatchObject({ exitCode: 0, stdout: `${JOB.id}\n` });
    expect(run.stderr).toContain(`spillway wait ${JOB.id}`);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-key',
      'idempotency-key': 'mine',
    });
    expect(lastBody()).toEqual({
      request: {
        model: 'small',
        messages: [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'sum this up' },
        ],
        max_tokens: 9,
      },
      class: 'batch',
      deadline_seconds: 7200,
      privacy: 'local_only',
      strategy: 'auto',
      webhook: { url: 'https://example.com/hook' },
      metadata: { a: '1', b: 'x=y' },
    });
  });

  test('reads a piped prompt, and makes a key of its own so that a lost answer is not paid twice', async () => {
    const { server, env, lastBody } = await start((_request, nth) => (nth === 1 ? 'hang up' : accepted()));
    expect(await runInTest(['submit', '-q'], { env, stdin: 'from a pipe' })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(lastBody()).toMatchObject({ request: { messages: [{ role: 'user', content: 'from a pipe' }] } });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('--request takes a whole job or just its request, from a file too; flags win', async () => {
    const { env, lastBody } = await start(accepted);
    const cwd = await mkdtemp(join(tmpdir(), 'spillway-cli-'));
    try {
      const whole = { endpoint: '/v1/embeddings', request: { model: 'embed', input: 'x' }, class: 'batch' };
      await writeFile(join(cwd, 'job.json'), JSON.stringify(whole));
      await runInTest(['submit', '--request', '--file', 'job.json', '--class', 'interactive'], { env, cwd });
      expect(lastBody()).toEqual({ ...whole, class: 'interactive' });
      await runInTest(['submit', '--request', '-'], { env, stdin: '{"messages":[],"temperature":0}' });
      expect(lastBody()).toEqual({ request: { model: 'auto', messages: [], temperature: 0 } });
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  test('--wait prints the answer alone on stdout', async () => {
    const { server, env } = await start(() => ({ body: completedJob('the answer') }));
    const run = await runInTest(['submit', 'hello', '--wait'], { env });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'the answer\n' });
    expect(run.stderr).toContain('small-8b on gpu-0 (local, simulated)');
    expect(server.seen[0]?.headers['prefer']).toBe('wait=30');
  });

  test('--wait ends with 1 when the job failed, with 4 when it has not ended', async () => {
    const error = { code: 'backend-error', detail: 'the engine broke' };
    const failed = sampleJob({ status: 'failed', finished_at: JOB.created_at, queue_position: null, error });
    const { env } = await start(() => ({ body: failed }));
    const run = await runInTest(['submit', 'hello', '--wait=5'], { env });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('the engine broke [backend-error]');
    const slow = await start(({ method }) => (method === 'POST' ? accepted() : { body: JOB }));
    const unfinished = await runInTest(['submit', 'hello', '--wait', '1'], { env: slow.env });
    expect(unfinished.exitCode).toBe(4);
    expect(unfinished.stderr).toContain('it goes on');
  });

  test.each([
    ['no prompt', ['submit'], 'the prompt is empty'],
    [
      'an unknown class',
      ['submit', 'x', '--class', 'urgent'],
      'Allowed choices are interactive, standard, batch',
    ],
    ['a prompt word behind --wait', ['submit', '--wait', 'hello'], 'write --wait after the prompt'],
    ['two privacies', ['submit', 'x', '--local-only', '--privacy', 'public'], 'contradict'],
    ['a request that is no JSON', ['submit', '--request', '{'], 'expects JSON'],
    ['a webhook that is no URL', ['submit', 'x', '--webhook', 'nowhere'], 'webhook.url'],
    ['a file that is not there', ['submit', '--file', 'none.txt'], 'none.txt'],
    ['a malformed id', ['status', 'job_1'], 'job_01kb3v6x8ezq4r0m5t7w9y2a4c'],
    ['an unknown command', ['frobnicate'], 'unknown command'],
  ])('%s ends with 2 before anything is sent', async (_what, args, message) => {
    const { server, env } = await start(accepted);
    const run = await runInTest(args, { env });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(server.seen).toHaveLength(0);
  });
});

const DECISION = {
  at: '2030-01-01T12:00:00.000Z',
  action: 'assign',
  backend: 'gpu-0',
  model: 'small-8b',
  fence: 1,
  trigger: 'local',
  why: 'local had room',
  order: {
    rank: 1,
    class: 'standard',
    tenant: 'default',
    tenant_virtual_tokens: 0,
    deadline_in_ms: 60_000,
    waited_ms: 12,
  },
  features: { model: 'auto', pinned: true, input_tokens: 1200, output_tokens: 512 },
  queue: { depth: 3, overflowing: false },
  candidates: [
    {
      backend: 'gpu-0',
      location: 'local',
      model: 'small-8b',
      refused_by: null,
      because: null,
      score: 0.75,
      components: { headroom: 0.75 },
    },
    {
      backend: 'cloud-a',
      location: 'cloud',
      model: null,
      refused_by: 'privacy',
      because: 'the job is pinned to local\u001b[31m',
      score: null,
      components: null,
    },
  ],
  config_version: 'v1',
  epoch: 1,
};

const everything = ({ path, method }: { path: string; method: string }): Reply => {
  if (path.endsWith('/decisions')) return { body: { object: 'list', data: [DECISION] } };
  if (path === '/v1/jobs' && method === 'GET') {
    return { body: { object: 'list', data: [JOB], first_id: JOB.id, last_id: JOB.id, has_more: false } };
  }
  return {
    status: path === '/v1/jobs' ? 202 : 200,
    body: path === `/v1/jobs/${JOB.id}` ? completedJob('hi') : JOB,
  };
};

test('explain shows what was done, why, and every backend considered', async () => {
  const { env } = await start(everything);
  const { stdout, exitCode } = await runInTest(['explain', JOB.id], { env });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('assign to gpu-0 (local): local had room');
  expect(stdout).toContain('about 1,200 tokens in and 512 out, pinned to local');
  expect(stdout).toMatch(/→ gpu-0 +local +0\.75 +headroom 0\.75/);
  expect(stdout).toMatch(/cloud-a +cloud +privacy: the job is pinned to local/);
  expect(stdout).not.toContain('\u001b');
});

test('list shows a line per job, newest first as the platform gives them', async () => {
  const { server, env } = await start(everything);
  const { stdout } = await runInTest(['list', '--status', 'queued', '--limit', '3'], { env });
  expect(stdout).toMatch(new RegExp(`^JOB +STATUS.*\n${JOB.id} +queued +standard +auto`));
  expect(server.seen[0]?.query.toString()).toBe('status=queued&limit=3');
});

describe('--json', () => {
  test.each([
    [['submit', 'x', '--json']],
    [['submit', 'x', '--wait', '--json']],
    [['--json', 'status', JOB.id]],
    [['wait', JOB.id, '--json']],
    [['cancel', JOB.id, '--json']],
    [['list', '--json']],
    [['explain', JOB.id, '--json']],
    [['keys', 'new', '--json']],
  ])('%j prints exactly one JSON document and nothing beside it', async (args) => {
    const { env } = await start(everything);
    const run = await runInTest(args, { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toBeTypeOf('object');
  });

  test('errors are one JSON document on stderr, with the code of the problem', async () => {
    const { env } = await start(() => problem('job-not-found', 'there is no such job'));
    const run = await runInTest(['status', JOB.id, '--json'], { env });
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    const expected = { code: 'job-not-found', message: 'there is no such job', status: 404 };
    expect(JSON.parse(run.stderr)).toEqual({ error: expected });
    const usage = await runInTest(['status', '--json'], { env });
    expect(usage).toMatchObject({ exitCode: 2, stdout: '' });
    expect(JSON.parse(usage.stderr)).toMatchObject({ error: { code: 'usage' } });
  });
});

test('a platform that is not there ends with 3 and says what to look at', async () => {
  const { env, server } = await start(accepted);
  stack.length = 0;
  await server[Symbol.asyncDispose]();
  const run = await runInTest(['status', JOB.id], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/cannot reach Spillway at .*is it running/);
});

test('colours only reach a terminal, and NO_COLOR keeps them away', async () => {
  const { env } = await start(everything);
  const args = ['status', JOB.id];
  expect((await runInTest(args, { env, terminal: true })).stdout).toContain('\u001b[32mcompleted');
  expect((await runInTest(args, { env: { ...env, NO_COLOR: '1' }, terminal: true })).stdout).not.toContain(
    '\u001b',
  );
  expect((await runInTest(args, { env })).stdout).not.toContain('\u001b');
});

test('a new key is never repeated, and its SHA-256 is the line for the configuration', async () => {
  const first = JSON.parse((await runInTest(['keys', 'new', '--json'])).stdout) as Record<string, string>;
  const second = JSON.parse((await runInTest(['keys', 'new', '--json'])).stdout) as Record<string, string>;
  expect(first['api_key']).not.toBe(second['api_key']);
  expect(first['api_key']?.length).toBeGreaterThan(40);
  expect(first['api_key_sha256']).toMatch(/^[0-9a-f]{64}$/);
  const { exitCode } = await runInTest(['keys', 'new', '--tenant', 'Not A Name']);
  expect(exitCode).toBe(2);
});

test('--help names the exit codes', async () => {
  const run = await runInTest(['--help']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  expect(run.stdout).toMatch(/3 +the platform cannot be reached/);
});
