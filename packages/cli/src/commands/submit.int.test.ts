import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completedJob, sampleJob } from '@spillway/client/testing';
import { describe, expect, test } from 'vitest';
import { runInTest } from '../testing/run-in-test.ts';
import { accepted, JOB, startPlatform } from '../testing/start-platform.ts';

describe('submit', () => {
  test('takes the words as a prompt, with the options in their places', async () => {
    const { server, env, lastBody } = await startPlatform(accepted);
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
    const { server, env, lastBody } = await startPlatform((_request, nth) =>
      nth === 1 ? 'hang up' : accepted(),
    );
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
    const { env, lastBody } = await startPlatform(accepted);
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
    const { server, env } = await startPlatform(() => ({ body: completedJob('the answer') }));
    const run = await runInTest(['submit', 'hello', '--wait'], { env });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'the answer\n' });
    expect(run.stderr).toContain('small-8b on gpu-0 (local, simulated)');
    expect(server.seen[0]?.headers['prefer']).toBe('wait=30');
  });

  test('--wait ends with 1 when the job failed, with 4 when it has not ended', async () => {
    const error = { code: 'backend-error', detail: 'the engine broke' };
    const failed = sampleJob({ status: 'failed', finished_at: JOB.created_at, queue_position: null, error });
    const { env } = await startPlatform(() => ({ body: failed }));
    const run = await runInTest(['submit', 'hello', '--wait=5'], { env });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('the engine broke [backend-error]');
    const slow = await startPlatform(({ method }) => (method === 'POST' ? accepted() : { body: JOB }));
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
    const { server, env } = await startPlatform(accepted);
    const run = await runInTest(args, { env });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(server.seen).toHaveLength(0);
  });
});
