import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('lines are appended over starts, and a log over 10 MB is put aside first', async () => {
  const path = join(folder, 'logs/scheduler.log');
  for (const line of ['one\n', 'two\n']) {
    const log = openLogFile(path);
    log.write(line);
    await log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');

  writeFileSync(path, Buffer.alloc(10 * 1024 * 1024 + 1));
  const log = openLogFile(path);
  log.write('three\n');
  await log.close();
  expect(readFileSync(path, 'utf8')).toBe('three\n');
  expect(statSync(`${path}.1`).size).toBe(10 * 1024 * 1024 + 1);
});
