import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProcessFixture } from '../testing/process-fixture.ts';

const TABLE = ['--out', 'out.csv'];

test('a table has a row per document, and the columns of the schema', async () => {
  await using at = await createProcessFixture({
    outcome: (name) =>
      name === 'b.txt'
        ? { status: 'failed', output: null, error: { code: 'encrypted', detail: 'it is "locked", sorry' } }
        : { pages: 2, chunks: 3, output: { total: -3, note: '=1+1', lines: [{ sku: name }] } },
  });
  const properties = { total: {}, note: {}, lines: {} };
  await at.write('schema.json', JSON.stringify({ type: 'object', properties }));
  const { exitCode, stdout } = await at.run([...TABLE, '--schema', 'schema.json']);
  expect(exitCode).toBe(0);
  expect(await at.read('out.csv')).toBe(
    [
      'document,status,pages,chunks,total,note,lines,error_code,error_detail',
      'a.txt,completed,2,3,-3,\'=1+1,"[{""sku"":""a.txt""}]",,',
      'b.txt,failed,,1,,,,encrypted,"it is ""locked"", sorry"',
      'sub/c.txt,completed,2,3,-3,\'=1+1,"[{""sku"":""sub/c.txt""}]",,',
      '',
    ].join('\r\n'),
  );
  expect(stdout).toMatch(/documents +3 {2}\(4 pages, 7 chunks\)/);
  expect((await readdir(at.cwd)).filter((name) => name.startsWith('out')).toSorted()).toEqual([
    'out.csv',
    'out.csv.jsonl',
    'out.csv.jsonl.state.json',
  ]);
});

test('a table goes on from its lines: none twice, none missing, what changed anew', async () => {
  await using at = await createProcessFixture();
  await at.run(TABLE);
  await appendFile(join(at.cwd, 'out.csv.jsonl'), '{"torn');
  await at.write('docs/a.txt', 'alpha two');
  await at.write('docs/d.txt', 'delta');
  await at.run(TABLE);
  expect(at.platform.batches[1]?.names).toEqual(['a.txt', 'd.txt']);
  const rows = (await at.read('out.csv')).trimEnd().split('\r\n').slice(1);
  expect(rows.toSorted()).toEqual([
    'a.txt,completed,,1,about alpha two,,',
    'b.txt,completed,,1,about beta,,',
    'd.txt,completed,,1,about delta,,',
    'sub/c.txt,completed,,1,about gamma,,',
  ]);
});

test('a table that is not ours is left alone', async () => {
  await using at = await createProcessFixture();
  await at.write('out.csv', 'name,amount\r\nrent,900\r\n');
  const { exitCode, stderr } = await at.run(TABLE);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('out.csv is left alone');
  expect(await at.read('out.csv')).toBe('name,amount\r\nrent,900\r\n');
  expect(at.platform.seen).toEqual([]);
});

test('a table takes an answer that holds U+2028, and does not end a row there', async () => {
  await using at = await createProcessFixture({ outcome: () => ({ output: 'one\u2028two' }) });
  expect((await at.run(TABLE)).exitCode).toBe(0);
  expect(await at.read('out.csv')).toContain('a.txt,completed,,1,one\u2028two,,\r\n');
});
