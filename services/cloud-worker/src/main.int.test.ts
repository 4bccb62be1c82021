import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { KEY, MODEL, openai, openCloud } from './testing/open-cloud.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

test('as a process it runs a job end to end, and on SIGTERM exits with 0; its key is in no line it prints', async () => {
  await using cloud = await openCloud();
  const folder = await mkdtemp(join(tmpdir(), 'cloud-worker-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true }));
  const config = join(folder, 'spillway.yaml');
  const settings = { kind: 'openai', url: cloud.sim.openaiBaseUrl, models: { [MODEL]: 'gpt-4o-mini' } };
  // JSON is YAML, too
  await writeFile(
    config,
    JSON.stringify({
      cells: { names: [cloud.cell.keys.cell] },
      backends: { [openai]: { ...settings, api_key: '${env:PROVIDER_KEY}' } },
    }),
  );
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      REDIS_URL: cloud.cell.url,
      SPILLWAY_CELL: cloud.cell.keys.cell,
      SPILLWAY_CONFIG: config,
      PROVIDER_KEY: KEY,
    },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => printed.push(String(text)));
  const exited = once(child, 'close');
  stack.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await cloud.up(openai);
  const id = await cloud.cell.submit({ model: MODEL });
  await cloud.cell.dispatch(openai, id);
  expect(await cloud.cell.until(id, 'completed')).toMatchObject({ servedBy: { location: 'cloud' } });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(printed.join('')).toContain('attempt.finished');
  expect(printed.join('')).not.toContain(KEY);
});
