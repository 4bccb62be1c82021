import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleJob, serve } from '@spillway/client/testing';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../spillway', import.meta.url));

test('the script works through a link, from another folder, with paths relative to it', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'spillway main '));
  await using server = await serve(() => ({ status: 202, body: sampleJob() }));
  try {
    await symlink(SCRIPT, join(cwd, 'sw'));
    await writeFile(join(cwd, 'prompt.txt'), 'from a file');
    const args = ['submit', '--file', 'prompt.txt', '--json', '--url', server.url, '--api-key', 'k'];
    const run = await execute(join(cwd, 'sw'), args, cwd);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ object: 'job' });
    expect(String(server.seen[0]?.body)).toContain('from a file');
    expect(await execute(join(cwd, 'sw'), ['status', 'nonsense'], cwd)).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
  } finally {
    await rm(cwd, { recursive: true });
  }
});

const execute = (file: string, args: readonly string[], cwd: string) =>
  new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(file, [...args], { cwd }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr });
    });
  });
