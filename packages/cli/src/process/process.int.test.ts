import { readdir } from 'node:fs/promises';
import { problem } from '@spillway/client/testing';
import type { DocumentResult } from '@spillway/contracts';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../testing/fake-platform.ts';
import { createProcessFixture } from '../testing/process-fixture.ts';

const ALL = ['a.txt', 'b.txt', 'sub/c.txt'];
const failed = (code: string): Partial<DocumentResult> => ({
  status: 'failed',
  output: null,
  usage: null,
  served_by: null,
  error: { code, detail: 'it went wrong' },
});

test('every document of the folder ends as one line; the summary adds them up', async () => {
  await using at = await createProcessFixture();
  const { exitCode, stdout } = await at.run(['--window', '2h', '--max-output-tokens', '64', '--local-only']);
  expect(exitCode).toBe(0);
  expect(await at.names()).toEqual(ALL);
  expect((await at.results()).find(({ document }) => document === 'sub/c.txt')).toMatchObject({
    sha256: sha256('gamma'),
    output: 'about gamma',
  });
  expect(at.platform.batches.map((batch) => batch.options)).toEqual([
    {
      instruction: 'sum up',
      model: 'auto',
      max_output_tokens: 64,
      privacy: 'local_only',
      completion_window: '2h',
    },
  ]);
  expect(stdout).toMatch(/completed +3/);
  expect(stdout).toMatch(/local · cloud +3 · 0 \(3 on a simulated engine\)/);
  expect(stdout).toMatch(/tokens +300 in, 60 out/);
  expect((await readdir(at.cwd)).toSorted()).toEqual(['docs', 'out.jsonl', 'out.jsonl.state.json']);
});

test('--json prints the summary as one document', async () => {
  await using at = await createProcessFixture();
  const { stdout, stderr } = await at.run(['--json']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    object: 'document_run',
    total: 3,
    completed: 3,
    missing: 0,
    input_tokens: 300,
    sent: 3,
  });
});

test('a terminal sees one line drawn over, the rest plain lines', async () => {
  await using at = await createProcessFixture();
  const { stderr } = await at.run([], { terminal: true });
  expect(stderr.trimEnd().split('\r\u001b[K').join('')).not.toMatch(/[\r\n]/);
  expect(stderr).toContain('3/3 (100 %)');
  const plain = await at.run();
  expect(plain.stderr).toBe('3/3 (100 %) · local 0, cloud 0 · $0 · failed 0\n');
});

test('a second run has nothing to do; a changed and a new document are done, one line each', async () => {
  await using at = await createProcessFixture();
  await at.run();
  const again = await at.run(['--json']);
  expect(at.platform.batches).toHaveLength(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ completed: 3, sent: 0 });
  await at.write('docs/a.txt', 'alpha two');
  await at.write('docs/d.txt', 'delta');
  await at.run();
  expect(at.platform.batches[1]?.names).toEqual(['a.txt', 'd.txt']);
  expect(await at.names()).toEqual(['a.txt', 'b.txt', 'd.txt', 'sub/c.txt']);
  expect((await at.results()).find(({ document }) => document === 'a.txt')?.output).toBe('about alpha two');
});

test('batches are as small as asked, and the results inside the folder are no document', async () => {
  await using at = await createProcessFixture();
  const args = ['--batch-size', '1', '--in-flight', '2', '--out', 'docs/out.jsonl'];
  await at.run(args);
  await at.run(args);
  expect(at.platform.batches.flatMap((batch) => batch.names).toSorted()).toEqual(ALL);
  expect(at.platform.batches).toHaveLength(3);
});

test('a document error is an outcome: exit 0, or 1 with --strict; --retry-failed asks anew', async () => {
  await using at = await createProcessFixture({
    outcome: (name, _text, batchNumber) =>
      name === 'b.txt' && batchNumber === 1 ? failed('unreadable-document') : {},
  });
  const first = await at.run();
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/unreadable-document +1/);
  expect((await at.run(['--strict'])).exitCode).toBe(1);
  expect(at.platform.batches).toHaveLength(1);
  expect((await at.run(['--strict', '--retry-failed'])).exitCode).toBe(0);
  expect(at.platform.batches[1]?.names).toEqual(['b.txt']);
  expect(await at.names()).toEqual(ALL);
});

test('a retry of the same batch is a new one at the platform, not the old answer', async () => {
  await using at = await createProcessFixture({
    outcome: (_name, _text, batchNumber) => (batchNumber === 1 ? failed('backend-error') : {}),
  });
  await at.run();
  await at.run(['--retry-failed']);
  expect(at.platform.batches.map(({ names }) => names)).toEqual([ALL, ALL]);
  expect((await at.results()).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
});

test('a document too large to send gets its own line and stops nothing', async () => {
  await using at = await createProcessFixture();
  await at.write('docs/huge.txt', 'x'.repeat(16_777_217));
  expect((await at.run()).exitCode).toBe(0);
  expect(await at.names()).toEqual(['a.txt', 'b.txt', 'huge.txt', 'sub/c.txt']);
  const huge = (await at.results()).find(({ document }) => document === 'huge.txt');
  expect(huge).toMatchObject({ status: 'failed', error: { code: 'document-too-large' } });
});

test('an outage in the middle of a run is sat out', async () => {
  let failures = 0;
  await using at = await createProcessFixture({
    intercept: ({ path }) =>
      path.endsWith('/results') && (failures += 1) <= 4 ? problem('internal-error', 'broken') : undefined,
  });
  const { exitCode, stderr } = await at.run();
  expect(exitCode).toBe(0);
  expect(stderr).toContain('waiting for the platform (internal-error)');
  expect(await at.names()).toEqual(ALL);
});

test('a problem that will not pass ends the run with 3', async () => {
  await using at = await createProcessFixture({
    intercept: ({ method }) =>
      method === 'POST' ? problem('model-not-found', 'no backend serves it') : undefined,
  });
  const { exitCode, stderr } = await at.run();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('no backend serves it [model-not-found]');
});

describe('refuses', () => {
  test('to mix answers to another prompt into the same file', async () => {
    await using at = await createProcessFixture();
    await at.run();
    const other = await at.run(['--prompt', 'translate']);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('another prompt');
    expect(at.platform.batches).toHaveLength(1);
  });

  test.each(['no line end', 'dear diary\n{"a":', '{"a":1}\n'])(
    'to touch a file of something else: %j',
    async (text) => {
      await using at = await createProcessFixture();
      await at.write('out.jsonl', text);
      const { exitCode, stderr } = await at.run();
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is left alone');
      await at.remove('out.jsonl');
      await at.run();
      // with a state beside it the lines are looked at before anything is written
      await at.write('out.jsonl', `dear diary\n${text}`);
      expect((await at.run()).stderr).toContain('its line 1 is not');
      expect(await at.read('out.jsonl')).toBe(`dear diary\n${text}`);
    },
  );

  test('a second run on the same file, until the first is gone', async () => {
    await using at = await createProcessFixture();
    await at.write('out.jsonl.lock', String(process.ppid));
    const { exitCode, stderr } = await at.run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is writing the same output file');
    await at.write('out.jsonl.lock', '2147483646');
    expect((await at.run()).exitCode).toBe(0);
  });

  test('a folder without files, and one that is none', async () => {
    await using at = await createProcessFixture();
    await at.remove('docs');
    expect(await at.run()).toMatchObject({ exitCode: 2 });
    await at.write('docs/.only-hidden', '');
    const { exitCode, stderr } = await at.run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('holds no file');
  });
});
