import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTail, repairTail } from './repair-tail.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-tail-'));
  path = join(folder, 'lines');
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['nothing at all', '', '', ''],
  ['whole lines', '{}\n{}\n', '', '{}\n{}\n'],
  ['a torn last line', '{}\n{"a', '{"a', '{}\n'],
  ['a torn only line', '{"a', '{"a', ''],
  ['a whole line without its end', '{}\n{"a":1}', '{"a":1}', '{}\n{"a":1}\n'],
  ['a torn line longer than a block', `{}\n${'x'.repeat(200_000)}`, 'x'.repeat(200_000), '{}\n'],
])('%s', async (_what, before, text, after) => {
  await writeFile(path, before);
  const tail = await readTail(path);
  expect(tail.text).toBe(text);
  expect(await readFile(path, 'utf8')).toBe(before);
  await repairTail(path, tail, text.endsWith('}'));
  expect(await readFile(path, 'utf8')).toBe(after);
});

test('a file that is not there is made', async () => {
  expect(await readTail(path)).toEqual({ wholeBytes: 0, text: '' });
  expect(await readFile(path, 'utf8')).toBe('');
});
