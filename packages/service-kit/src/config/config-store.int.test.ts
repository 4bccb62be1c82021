import { once, EventEmitter } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEvent } from '../logging/logger.ts';
import { createLogger } from '../logging/logger.ts';
import { viewOfCell } from './cell-view.ts';
import { type ConfigStore, openConfigStore } from './config-store.ts';

const gpu = (cell: number): string =>
  `  gpu-${cell}: { kind: vllm, url: "http://127.0.0.1:9", models: { m: m }, cell: "${cell}" }\n`;
const withDocuments = (count: number): string => `limits: { max_batch_documents: ${count} }\n`;

let folder: string;
let store: ConfigStore | undefined;
const events = new EventEmitter();
const logger = createLogger('test', {
  level: 'info',
  write: (line) => {
    const event = JSON.parse(line) as LogEvent;
    events.emit(event.event, event);
  },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-config-'));
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await rm(folder, { recursive: true, force: true });
});

const open = async (path: string): Promise<ConfigStore> => {
  store = await openConfigStore({ path, env: { OPENAI_API_KEY: 'swordfish' }, logger });
  return store;
};
const documents = (): number | undefined => store?.current().config.limits.max_batch_documents;
const heard = (event: string): Promise<unknown[]> =>
  once(events, event, { signal: AbortSignal.timeout(5_000) });

test('a file that is invalid at the start is thrown with every mistake', async () => {
  const path = join(folder, 'spillway.yaml');
  await writeFile(path, 'limits: { max_batch_documents: 0 }\nbackend: {}\n');
  await expect(open(path)).rejects.toThrow(
    /backend[\s\S]*max_batch_documents|max_batch_documents[\s\S]*backend/,
  );
  await expect(open(join(folder, 'none.yaml'))).rejects.toThrow('cannot be read');
});

test('a save in place and a save by rename swap the configuration and tell the listeners', async () => {
  const path = join(folder, 'spillway.yaml');
  await writeFile(path, withDocuments(1));
  const opened = await open(path);
  const seen: number[][] = [];
  const unsubscribe = opened.onChange((now, before) => {
    seen.push([before.config.limits.max_batch_documents, now.config.limits.max_batch_documents]);
  });

  let reloaded = heard('config.reloaded');
  await writeFile(path, withDocuments(2));
  await reloaded;
  expect(documents()).toBe(2);

  for (const count of [3, 4]) {
    reloaded = heard('config.reloaded');
    await writeFile(join(folder, '.spillway.yaml.tmp'), withDocuments(count));
    await rename(join(folder, '.spillway.yaml.tmp'), path);
    await reloaded;
    expect(documents()).toBe(count);
  }
  unsubscribe();
  reloaded = heard('config.reloaded');
  await writeFile(path, withDocuments(5));
  await reloaded;
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test('an invalid change is refused with every mistake, and the running configuration stays', async () => {
  const path = join(folder, 'spillway.yaml');
  await writeFile(path, withDocuments(1));
  await open(path);
  const refused = heard('config.refused');
  await writeFile(path, 'limits: { max_batch_documents: 0 }\nbackends: { a: { kind: none } }\n');
  const [event] = await refused;
  expect(JSON.stringify(event)).toMatch(/limits\.max_batch_documents/);
  expect(JSON.stringify(event)).toMatch(/backends\.a/);
  expect(documents()).toBe(1);

  const emptied = heard('config.refused');
  await writeFile(path, '');
  await emptied;
  expect(documents()).toBe(1);

  const reloaded = heard('config.reloaded');
  await writeFile(path, withDocuments(6));
  await reloaded;
  expect(documents()).toBe(6);
});

test('a change to other cells waits for a restart, with all that came with it', async () => {
  const path = join(folder, 'spillway.yaml');
  await writeFile(path, `${withDocuments(1)}cells: { count: 2 }\n`);
  await open(path);
  const refused = heard('config.refused');
  await writeFile(path, `${withDocuments(2)}cells: { count: 3 }\n`);
  expect(JSON.stringify(await refused)).toMatch(/restart.*at cells/);
  expect(documents()).toBe(1);
});

test('a view shows one cell, as the same object as long as nothing changes, and hears of changes', async () => {
  const path = join(folder, 'spillway.yaml');
  const text = `cells: { count: 2 }\nbackends:\n${gpu(0)}${gpu(1)}`;
  await writeFile(path, text);
  const view = viewOfCell(await open(path), '1');
  expect(Object.keys(view.current().config.backends)).toEqual(['gpu-1']);
  expect(view.current()).toBe(view.current());
  const changed = new Promise<readonly string[]>((resolve) => {
    view.onChange((now, before) =>
      resolve([...Object.keys(before.config.backends), ...Object.keys(now.config.backends)]),
    );
  });
  await writeFile(path, text.replaceAll('gpu-', 'gpu-new-'));
  expect(await changed).toEqual(['gpu-1', 'gpu-new-1']);
});

test('a mounted folder that swaps the link ..data is followed', async () => {
  for (const count of [1, 2]) {
    await mkdir(join(folder, `..v${count}`));
    await writeFile(join(folder, `..v${count}`, 'spillway.yaml'), withDocuments(count));
  }
  await symlink('..v1', join(folder, '..data'));
  await symlink('..data/spillway.yaml', join(folder, 'spillway.yaml'));
  await open(join(folder, 'spillway.yaml'));
  expect(documents()).toBe(1);

  const reloaded = heard('config.reloaded');
  await symlink('..v2', join(folder, '..data_tmp'));
  await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  await reloaded;
  expect(documents()).toBe(2);
});

test('a listener that throws is logged and keeps nobody else from hearing', async () => {
  const path = join(folder, 'spillway.yaml');
  await writeFile(path, withDocuments(1));
  const opened = await open(path);
  opened.onChange(() => {
    throw new Error('listener is broken');
  });
  const told = new Promise((resolve) => {
    opened.onChange(resolve);
  });
  const failed = heard('config.listener_failed');
  await writeFile(path, withDocuments(2));
  await Promise.all([told, failed]);
  expect(documents()).toBe(2);
});
