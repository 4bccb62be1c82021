import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCredentials } from './credentials.ts';

const FILE = { url: 'http://127.0.0.1:4001', api_key: 'file-key' };
const uid = process.getuid?.();
let root: string;
let cwd: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'spillway-cli-')));
  cwd = join(root, 'a', 'b');
  await mkdir(cwd, { recursive: true });
  await mkdir(join(root, '.spillway'));
  await writeFile(join(root, '.spillway', 'credentials.json'), JSON.stringify(FILE));
});
afterEach(() => rm(root, { recursive: true }));

test('the file of a parent folder is found', () => {
  expect(findCredentials({}, { env: {}, cwd, checkout: undefined, uid })).toMatchObject({
    url: FILE.url,
    apiKey: 'file-key',
  });
});

test('flags win over the environment, the environment over the file', () => {
  const env = { SPILLWAY_URL: 'http://127.0.0.1:4002', SPILLWAY_API_KEY: 'env-key' };
  expect(findCredentials({}, { env, cwd, checkout: undefined, uid })).toMatchObject({
    url: env.SPILLWAY_URL,
    apiKey: 'env-key',
  });
  const flags = { url: 'http://127.0.0.1:4003', apiKey: 'flag-key' };
  expect(findCredentials(flags, { env, cwd, checkout: undefined, uid })).toMatchObject(flags);
  expect(findCredentials({ apiKey: 'flag-key' }, { env: {}, cwd, checkout: undefined, uid })).toMatchObject({
    url: FILE.url,
    apiKey: 'flag-key',
  });
});

test('the key of a file is never sent to another address', () => {
  const elsewhere = { url: 'http://127.0.0.1:9999' };
  expect(() => findCredentials(elsewhere, { env: {}, cwd, checkout: undefined, uid })).toThrow(
    'is not sent elsewhere',
  );
  expect(findCredentials({ url: `${FILE.url}/` }, { env: {}, cwd, checkout: undefined, uid }).apiKey).toBe(
    'file-key',
  );
});

test('a file of another user is refused', () => {
  expect(() => findCredentials({}, { env: {}, cwd, checkout: undefined, uid: (uid ?? 0) + 1 })).toThrow(
    'belongs to another user',
  );
});

test('without any, the message says how to get one', async () => {
  await rm(join(root, '.spillway'), { recursive: true });
  expect(() => findCredentials({}, { env: {}, cwd, checkout: undefined, uid })).toThrow(
    /npm start[\s\S]*SPILLWAY_URL[\s\S]*--api-key/,
  );
});

test('a broken file is named', async () => {
  await writeFile(join(root, '.spillway', 'credentials.json'), '{');
  expect(() => findCredentials({}, { env: {}, cwd, checkout: undefined, uid })).toThrow(
    'credentials.json cannot be read as JSON',
  );
});

test('SPILLWAY_DATA comes before any folder, the checkout of the command after all of them', async () => {
  const at = { cwd: '/', uid };
  expect(findCredentials({}, { ...at, env: {}, checkout: root }).apiKey).toBe('file-key');
  await writeFile(join(cwd, 'credentials.json'), JSON.stringify({ ...FILE, api_key: 'data-key' }));
  const env = { SPILLWAY_DATA: cwd };
  expect(findCredentials({}, { ...at, cwd: root, env, checkout: root }).apiKey).toBe('data-key');
});
