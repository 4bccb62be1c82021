import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem, sampleResult } from '@spillway/client/testing';
import { expect, test } from 'vitest';
import { sha256 } from '../testing/fake-platform.ts';
import { createProcessFixture, type ProcessFixture } from '../testing/process-fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const ALL = ['a.txt', 'b.txt', 'sub/c.txt'];

/** The command in a process of its own, so that it can be killed for real. */
const start = (at: ProcessFixture) =>
  spawn(process.execPath, [MAIN, ...at.args], { cwd: at.cwd, env: { ...at.env }, stdio: 'ignore' });

/** Lets the platform finish what it held back. */
function finish(at: ProcessFixture): void {
  const held = at.platform.batches[0];
  for (const [index, document, text] of [
    [1, 'b.txt', 'beta'],
    [2, 'sub/c.txt', 'gamma'],
  ] as const) {
    held?.results.push(sampleResult({ index, document, sha256: sha256(text), output: `about ${text}` }));
  }
}

test('after kill -9 the batch in flight is collected, not sent again, and a torn line is repaired', async () => {
  await using at = await createProcessFixture({ outcome: (name) => (name === 'a.txt' ? {} : undefined) });
  const child = start(at);
  await expect
    .poll(() => at.read('out.jsonl').catch(() => ''), { interval: 20, timeout: 10_000 })
    .toContain('\n');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await appendFile(join(at.cwd, 'out.jsonl'), '{"document":"b.txt","sha2');

  finish(at);
  const { exitCode, stdout } = await at.run(['--json']);
  expect(exitCode).toBe(0);
  expect(at.platform.batches).toHaveLength(1);
  expect(await at.names()).toEqual(ALL);
  expect(JSON.parse(stdout)).toMatchObject({ completed: 3, missing: 0, sent: 2 });
});

test('killed before the answer to its submission, a run asks again under the same key', async () => {
  let child: ReturnType<typeof start> | undefined;
  await using at = await createProcessFixture({
    onCreated: () => {
      const first = child;
      child = undefined;
      first?.kill('SIGKILL');
      return first === undefined ? undefined : 'hang up';
    },
  });
  child = start(at);
  await once(child, 'exit');
  expect(at.platform.batches).toHaveLength(1);

  // a document that came since must not change what is asked for under that key
  await at.write('docs/0.txt', 'zero');
  const { exitCode } = await at.run();
  expect(exitCode).toBe(0);
  expect(at.platform.batches.map(({ names }) => names)).toEqual([ALL, ['0.txt']]);
  expect(await at.names()).toEqual(['0.txt', ...ALL]);
});

test('when a document changed before such a submission was asked for again, all are sent as they are now', async () => {
  let child: ReturnType<typeof start> | undefined;
  await using at = await createProcessFixture({
    onCreated: () => {
      const first = child;
      child = undefined;
      first?.kill('SIGKILL');
      return first === undefined ? undefined : 'hang up';
    },
  });
  child = start(at);
  await once(child, 'exit');
  await at.write('docs/b.txt', 'beta two');
  expect((await at.run()).exitCode).toBe(0);
  const outputs = (await at.results()).map(({ output }) => output);
  expect(new Set(outputs)).toEqual(new Set(['about alpha', 'about beta two', 'about gamma']));
  expect(outputs).toHaveLength(3);
});

test('Ctrl-C ends with 130, says how to go on, and loses nothing', async () => {
  await using at = await createProcessFixture({ outcome: (name) => (name === 'a.txt' ? {} : undefined) });
  const interrupt = new AbortController();
  const running = at.run([], { signal: interrupt.signal });
  await expect
    .poll(() => at.read('out.jsonl').catch(() => ''), { interval: 5, timeout: 5000 })
    .toContain('\n');
  interrupt.abort(new Error('interrupted'));
  const stopped = await running;
  expect(stopped.exitCode).toBe(130);
  expect(stopped.stderr).toContain('run the same command again');
  finish(at);
  expect((await at.run()).exitCode).toBe(0);
  expect(at.platform.batches).toHaveLength(1);
  expect(await at.names()).toEqual(ALL);
});

test.each(['GET', 'POST'])(
  'a batch the platform has forgotten (%s): exit 1, and the next run sends its documents anew',
  async (where) => {
    let isLost = true;
    await using at = await createProcessFixture({
      intercept: ({ path, method }) =>
        isLost && method === where && path.startsWith('/v1/document-batches')
          ? problem('batch-not-found', 'gone')
          : undefined,
    });
    const lost = await at.run();
    expect(lost.exitCode).toBe(1);
    expect(lost.stdout).toMatch(/no outcome +3/);
    isLost = false;
    expect((await at.run()).exitCode).toBe(0);
    const keys = at.platform.seen.filter(({ method }) => method === 'POST').map(({ headers }) => headers);
    expect(new Set(keys.map((headers) => headers['idempotency-key'])).size).toBe(2);
    expect(await at.names()).toEqual(ALL);
  },
);

test('an answer may hold any character, U+2028 and U+2029 too', async () => {
  const output = 'one\u2028two\u2029three\u0085four\rfive';
  await using at = await createProcessFixture({ outcome: () => ({ output }) });
  expect((await at.run()).exitCode).toBe(0);
  // the second run reads what the first wrote, and compacts it
  await at.write('docs/a.txt', 'alpha two');
  const { exitCode, stderr } = await at.run();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(at.platform.batches[1]?.names).toEqual(['a.txt']);
  expect((await at.results()).map((result) => result.output)).toEqual([output, output, output]);
});

test.each([
  ['text in another encoding', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d, 0x0a])],
  ['a line without end', Buffer.alloc(9_000_000, 'x').fill('\n', 8_999_999)],
])('%s where the results should be is left alone', async (_what, content) => {
  await using at = await createProcessFixture();
  await at.run();
  await at.write('out.jsonl', content);
  const { exitCode, stderr } = await at.run();
  expect(exitCode).toBe(2);
  expect(stderr).toContain("line 1 is not a document's result");
});
