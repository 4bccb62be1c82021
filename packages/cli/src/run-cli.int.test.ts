import { problem, serve } from '@spillway/client/testing';
import { describe, expect, test } from 'vitest';
import { runInTest } from './testing/run-in-test.ts';
import { accepted, everything, JOB, startPlatform } from './testing/start-platform.ts';

test('list shows a line per job, newest first as the platform gives them', async () => {
  const { server, env } = await startPlatform(everything);
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
    const { env } = await startPlatform(everything);
    const run = await runInTest(args, { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toBeTypeOf('object');
  });

  test('errors are one JSON document on stderr, with the code of the problem', async () => {
    const { env } = await startPlatform(() => problem('job-not-found', 'there is no such job'));
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
  const server = await serve(accepted);
  await server[Symbol.asyncDispose]();
  const env = { SPILLWAY_URL: server.url, SPILLWAY_API_KEY: 'secret-key' };
  const run = await runInTest(['status', JOB.id], { env });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/cannot reach Spillway at .*is it running/);
});

test('colours only reach a terminal, and NO_COLOR keeps them away', async () => {
  const { env } = await startPlatform(everything);
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
