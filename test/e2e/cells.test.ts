import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type SpillwayClient } from '@spillway/client';
import type { JobBody } from '@spillway/contracts';
import { startEngineSim } from '@spillway/engine-sim';
import { findPort, type RunningPlatform, startPlatform } from '@spillway/local-platform';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

interface Tenant {
  readonly name: string;
  readonly cell: string;
  readonly client: SpillwayClient;
}

const hashOf = (key = ''): string => createHash('sha256').update(key).digest('hex');

/** Two cells with an engine each, and a tenant pinned to each of them. */
async function openTwoCells(
  stack: AsyncDisposableStack,
): Promise<{ readonly platform: RunningPlatform; readonly left: Tenant; readonly right: Tenant }> {
  const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-cells-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const places = [
    { name: 'left', cell: '0' },
    { name: 'right', cell: '1' },
  ] as const;
  const keys = places.map(() => `sk-test-${randomBytes(16).toString('hex')}`);
  const backends: Record<string, unknown> = {};
  for (const { name, cell } of places) {
    const engine = stack.adopt(await startEngineSim({ speed: 'instant' }), (sim) => sim.close());
    const models = { llama: 'llama-3.1-8b-sim', [`only-${name}`]: 'llama-3.1-8b-sim' };
    backends[`gpu-${name}`] = { kind: 'vllm', url: engine.url, models, cell };
  }
  const configPath = join(dataDir, 'spillway.yaml');
  const config = {
    cells: { count: 2, pins: { left: '0', right: '1' } },
    backends,
    tenants: Object.fromEntries(
      places.map(({ name }, index) => [name, { api_key_sha256: [hashOf(keys[index])] }]),
    ),
  };
  await writeFile(configPath, JSON.stringify(config));
  const platform = stack.adopt(
    await startPlatform({
      dataDir,
      configPath,
      env: { ...process.env, LOG_LEVEL: 'info' },
      apiPort: await findPort(),
      engineSim: 'never',
    }),
    (running) => running.stop(),
  );
  const [left, right] = places.map((place, index): Tenant => {
    const apiKey = keys[index] ?? '';
    return { ...place, client: createClient({ url: platform.apiUrl, apiKey }) };
  });
  if (left === undefined || right === undefined) throw new Error('two places are two tenants');
  return { platform, left, right };
}

const submit = ({ client }: Tenant, model = 'llama', idempotencyKey?: string): Promise<JobBody> =>
  client.submit(
    { request: { model, max_tokens: 8, messages: [{ role: 'user', content: 'Say something short.' }] } },
    { idempotencyKey },
  );
const ended = ({ client }: Tenant, { id }: JobBody): Promise<JobBody> =>
  client.waitUntilFinished(id, { timeoutMs: 60_000 });

test('two cells work side by side: each with its own tenants, engines and keys, and one without a scheduler stops no other', async () => {
  await using stack = new AsyncDisposableStack();
  const { platform, left, right } = await openTwoCells(stack);
  const redis = stack.adopt(new Redis(platform.redisUrl), (client) => client.disconnect());

  // the same name for a submission is each tenant's own
  const jobs = { left: await submit(left, 'llama', 'mine'), right: await submit(right, 'llama', 'mine') };
  const done = { left: await ended(left, jobs.left), right: await ended(right, jobs.right) };
  expect([done.left.status, done.right.status]).toEqual(['completed', 'completed']);
  expect([done.left.served_by?.backend, done.right.served_by?.backend]).toEqual(['gpu-left', 'gpu-right']);
  expect((await submit(right, 'llama', 'mine')).id).toBe(jobs.right.id);

  await expect(left.client.get(jobs.right.id)).rejects.toMatchObject({ code: 'job-not-found' });
  await expect(right.client.cancel(jobs.left.id)).rejects.toMatchObject({ code: 'job-not-found' });
  expect((await left.client.list()).data.map(({ id }) => id)).toEqual([jobs.left.id]);
  expect((await right.client.list()).data.map(({ id }) => id)).toEqual([jobs.right.id]);
  await expect(submit(left, 'only-right')).rejects.toMatchObject({ code: 'model-not-found' });
  expect((await ended(right, await submit(right, 'only-right'))).status).toBe('completed');

  const { id: batch } = await left.client.documentBatches.create(
    { instruction: 'Summarise.', model: 'llama' },
    [{ name: 'one.txt', content: 'A first text.' }],
  );
  const results = await Array.fromAsync(left.client.documentBatches.results(batch, { waitSeconds: 30 }));
  expect(results.map(({ status }) => status)).toEqual(['completed']);
  await expect(right.client.documentBatches.get(batch)).rejects.toMatchObject({ code: 'batch-not-found' });

  const keys = await redis.keys('*');
  expect(keys.filter((key) => !/^\{sw:[01]\}:/.test(key))).toEqual([]);
  expect(await redis.exists(`{sw:0}:job:${jobs.left.id}`, `{sw:1}:job:${jobs.right.id}`)).toBe(2);
  const isStray = (key: string): boolean =>
    key.startsWith('{sw:0}:')
      ? key.includes(jobs.right.id) || key.includes('right')
      : [jobs.left.id, batch, 'left'].some((name) => key.includes(name));
  expect(keys.filter(isStray)).toEqual([]);

  // it still holds its cell, and does nothing: the worst way to be away
  expect(platform.kill('scheduler@0', 'SIGSTOP')).toBe(true);
  const waiting = await submit(left);
  const others = await Promise.all([submit(right), submit(right), submit(right)]);
  const statuses = await Promise.all(others.map(async (job) => (await ended(right, job)).status));
  expect(new Set(statuses)).toEqual(new Set(['completed']));
  expect((await left.client.get(waiting.id)).status).toBe('queued');
  expect(platform.kill('scheduler@0', 'SIGKILL')).toBe(true);
  expect((await ended(left, waiting)).status).toBe('completed');
});
