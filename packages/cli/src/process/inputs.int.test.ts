import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '@spillway/client/testing';
import { describe, expect, test } from 'vitest';
import { createProcessFixture } from '../testing/process-fixture.ts';
import { planBatches } from './plan-batches.ts';

const OUT = ['--prompt', 'sum up', '--out', 'out.jsonl'];

test('files and folders together are named below the current folder, each once', async () => {
  await using at = await createProcessFixture();
  await at.write('more/d.txt', 'delta');
  const { exitCode } = await at.command(['process', 'docs/a.txt', 'docs', 'more/d.txt', ...OUT]);
  expect(exitCode).toBe(0);
  expect(await at.names()).toEqual(['docs/a.txt', 'docs/b.txt', 'docs/sub/c.txt', 'more/d.txt']);
});

test('files elsewhere are named below the folder they share', async () => {
  await using at = await createProcessFixture();
  await at.write('elsewhere/here/x.txt', 'x');
  const files = ['../docs/a.txt', '../docs/sub/c.txt'];
  const { exitCode } = await at.command(['process', ...files, ...OUT], {
    cwd: join(at.cwd, 'elsewhere'),
  });
  expect(exitCode).toBe(0);
  expect(at.platform.batches[0]?.names).toEqual(['a.txt', 'sub/c.txt']);
});

test('the files of an earlier run are no documents, also when they are named', async () => {
  await using at = await createProcessFixture();
  const args = ['process', 'docs', 'out.csv', 'out.csv.jsonl', 'out.csv.jsonl.state.json'];
  await at.run(['--out', 'out.csv']);
  await at.command([...args, '--prompt', 'sum up', '--out', 'out.csv']);
  expect(at.platform.batches.flatMap(({ names }) => names).toSorted()).toEqual([
    'a.txt',
    'b.txt',
    'docs/a.txt',
    'docs/b.txt',
    'docs/sub/c.txt',
    'sub/c.txt',
  ]);
});

test('what the platform does not read is listed and left out of a folder; named, it is sent', async () => {
  await using at = await createProcessFixture();
  await at.write('docs/pic.png', new Uint8Array([137, 80, 78, 71, 0, 1]));
  await at.write('docs/latin.dat', new Uint8Array([0xe9, 0x20, 0xe8]));
  await at.write('docs/notes', 'text without an extension, ünïcode');
  const { stderr, stdout } = await at.run();
  expect(stderr).toContain('Skipped, since the platform does not read such files: latin.dat, pic.png\n');
  expect(stdout).toContain('2 files skipped');
  expect(await at.names()).toEqual(['a.txt', 'b.txt', 'notes', 'sub/c.txt']);
  await at.command(['process', 'docs/pic.png', '--prompt', 'what is it', '--out', 'pic.jsonl']);
  expect(at.platform.batches.at(-1)?.names).toEqual(['docs/pic.png']);
});

test('binary documents arrive as the bytes they are', async () => {
  await using at = await createProcessFixture();
  const bytes = Uint8Array.from({ length: 1024 }, (_value, index) => (index * 7) % 256);
  await at.write('docs/x.pdf', bytes);
  await at.run();
  expect(at.platform.seen[0]?.body.includes(Buffer.from(bytes))).toBe(true);
});

test('a prompt comes from a file or stdin as well, and a schema from a file', async () => {
  await using at = await createProcessFixture();
  const schema = { type: 'object', properties: { total: { type: 'number' } } };
  await at.write('ask.txt', 'Read {{filename}}:\n{{document}}');
  await at.write('schema.json', JSON.stringify(schema));
  const args = ['process', 'docs', '--schema', 'schema.json', '--strategy', 'cloud_only'];
  await at.command([...args, '--prompt-file', 'ask.txt', '--out', 'a.jsonl']);
  await at.command([...args, '--prompt-file', '-', '--out', 'b.jsonl'], { stdin: 'from a pipe' });
  expect(at.platform.batches.map(({ options }) => options)).toMatchObject([
    { instruction: 'Read {{filename}}:\n{{document}}', schema, strategy: 'cloud_only' },
    { instruction: 'from a pipe', schema },
  ]);
});

test('a batch holds no more bytes than are sensible to send at once', async () => {
  await using at = await createProcessFixture();
  const paths = ['a.txt', 'b.txt', 'sub/c.txt'];
  for (const path of paths) await truncate(join(at.cwd, 'docs', path), 15_000_000);
  const steps = planBatches({
    root: join(at.cwd, 'docs'),
    paths,
    outcomes: new Map(),
    taken: new Set(),
    batchSize: 500,
    retryFailed: false,
  });
  const sent: string[][] = [];
  for await (const step of steps) {
    if (step.kind === 'send') sent.push(step.documents.map(({ path }) => path));
  }
  expect(sent).toEqual([['a.txt', 'b.txt'], ['sub/c.txt']]);
});

describe('refuses, with what to do instead', () => {
  test.each([
    [['docs'], 'say what to do with each document'],
    [['docs', '--prompt', 'a', '--prompt-file', 'b'], 'not both'],
    [['docs', '--prompt', ' '], 'the prompt is empty'],
    [['docs', '--prompt-file', 'long.json'], 'prompt: '],
    [['docs', '--prompt', 'a', '--window', '90'], 'Give a length such as 90m'],
    [['nowhere', '--prompt', 'a'], 'nowhere is not there'],
    [['docs', '--prompt', 'a', '--schema', 'nowhere.json'], 'cannot read the schema'],
    [['docs', '--prompt', 'a', '--schema', 'text.json'], 'text.json is not JSON'],
    [['docs', '--prompt', 'a', '--schema', 'list.json'], 'has to be a JSON object'],
    [['docs', '--prompt', 'a', '--schema', 'long.json'], 'a schema has at most 65536'],
    [['docs', '--prompt', 'a', '--out', 'nowhere/out.jsonl'], 'is not a folder'],
  ])('%j', async (args, message) => {
    await using at = await createProcessFixture();
    await at.write('text.json', 'no json');
    await at.write('list.json', '[]');
    await at.write('long.json', JSON.stringify({ description: 'x'.repeat(65_536) }));
    const { exitCode, stderr } = await at.command(['process', ...args]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
    expect(at.platform.seen).toEqual([]);
  });
});

test('what the platform refuses is shown with its path', async () => {
  const reply = problem('invalid-request', 'the schema cannot be used');
  const errors = [{ path: 'options.schema.properties.a', message: 'the schema cannot be used' }];
  await using at = await createProcessFixture({
    intercept: ({ method }) =>
      method === 'POST' ? { ...reply, body: { ...(reply.body as object), errors } } : undefined,
  });
  const { exitCode, stderr } = await at.run();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('options.schema.properties.a: the schema cannot be used');
  expect(stderr).toContain('run the same command again');
});
