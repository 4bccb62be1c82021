import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@spillway/client';
import { simulatedDigest } from '@spillway/engine-sim';
import { findPort, startPlatform } from '@spillway/local-platform';
import { expect, test } from 'vitest';
import { collectLoad, submitLoad } from '../src/mixed-load.ts';

const JOBS = 120;
const SLOTS = 12;
const POISON = 'This document makes the engine fall over.';

/** Kills the engine whenever the poison has reached it, until it is told to stop. */
async function killOnPoison(engineUrl: string, kill: () => boolean, stop: AbortSignal): Promise<number> {
  const digest = simulatedDigest(POISON);
  let kills = 0;
  while (!stop.aborted) {
    // an engine that was just killed does not answer, and a new one has seen nothing
    const stats = await fetch(`${engineUrl}/_sim/stats`)
      .then(async (answer) => (await answer.json()) as { digests_seen: readonly string[] })
      .catch(() => undefined);
    if (stats?.digests_seen.includes(digest) && kill()) kills += 1;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return kills;
}

test('a job that kills the engine fails after its third crash, and takes no other job with it', async () => {
  await using stack = new AsyncDisposableStack();
  const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-poison-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  const port = await findPort();
  const apiKey = `sk-test-${randomBytes(16).toString('hex')}`;
  const url = `http://127.0.0.1:${port}`;
  const configPath = join(dataDir, 'spillway.yaml');
  await writeFile(
    configPath,
    JSON.stringify({
      backends: {
        'gpu-0': { kind: 'vllm', url, models: { llama: 'llama-3.1-8b-sim' }, max_concurrency: SLOTS },
      },
      models: { auto: { strategy: 'auto' } },
      tenants: { default: { api_key_sha256: [createHash('sha256').update(apiKey).digest('hex')] } },
    }),
  );
  const platform = stack.adopt(
    await startPlatform({
      dataDir,
      configPath,
      env: { ...process.env, LOG_LEVEL: 'info' },
      apiPort: await findPort(),
      engineSim: { port, speed: 4 },
      timing: { restart: { firstMs: 300, capMs: 300, healthyMs: 30_000 } },
    }),
    (running) => running.stop(),
  );
  const client = createClient({ url: platform.apiUrl, apiKey });
  const stop = new AbortController();
  const kills = killOnPoison(url, () => platform.kill('engine-sim', 'SIGKILL'), stop.signal);
  const innocents = await submitLoad([client], { jobs: JOBS, maxTokens: 64 });
  const poison = await client.submit({
    class: 'interactive',
    deadline_seconds: 600,
    request: { model: 'auto', max_tokens: 512, messages: [{ role: 'user', content: POISON }] },
  });

  const fallen = await client.waitUntilFinished(poison.id, { timeoutMs: 90_000 });
  const ended = await collectLoad(innocents, 90_000);
  stop.abort();
  console.log(
    `${await kills} crashes; ${ended.filter((job) => job.attempts.length > 1).length} jobs ran again`,
  );
  expect([fallen.status, fallen.error?.code, fallen.attempts.length]).toEqual(['failed', 'engine-lost', 3]);
  expect(ended.map((job) => job.status).filter((status) => status !== 'completed')).toEqual([]);
  for (const [index, job] of ended.entries()) {
    expect(JSON.stringify(job.result?.body)).toContain(innocents[index]?.digest);
  }
});
