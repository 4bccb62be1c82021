import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

type Leashed = ChildProcessByStdio<Writable, Readable, null>;

/** Starts the process, does something to it once it runs, and gives its exit code and what it logged. */
const endBy = async (
  act: (child: Leashed) => void,
  ...args: readonly string[]
): Promise<{ readonly code: unknown; readonly log: string }> => {
  const main = fileURLToPath(new URL('../testing/leashed-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (log === '') act(child);
    log += chunk.toString();
  });
  const [code] = (await once(child, 'close', { signal: AbortSignal.timeout(10_000) })) as unknown[];
  return { code, log };
};

test('a process whose parent lets go of its input drains and exits', async () => {
  const { code, log } = await endBy((child) => child.stdin.end());
  expect(code).toBe(0);
  expect(log).toMatch(/parent\.gone[\s\S]*shutdown\.requested[\s\S]*service\.drained/);
});

test('signals that come again while it drains do not kill it', async () => {
  const { code, log } = await endBy((child) => {
    child.kill('SIGINT');
    for (const [index, signal] of (['SIGINT', 'SIGTERM', 'SIGTERM'] as const).entries()) {
      setTimeout(() => child.kill(signal), 30 * (index + 1));
    }
  });
  expect(code).toBe(0);
  expect(log).toContain('service.drained');
});

test('an error that nobody caught ends it with code 1 and one fatal line', async () => {
  const { code, log } = await endBy(() => {}, 'fail');
  expect(code).toBe(1);
  expect(log).toMatch(/"level":"fatal".*process\.failed.*SyntaxError/);
});
