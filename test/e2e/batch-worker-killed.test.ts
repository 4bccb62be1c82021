import { OpenAI, toFile } from 'openai';
import { expect, test } from 'vitest';
import { startTestPlatform } from '../src/test-platform.ts';

const LINES = 1200;
const KILLS = 2;

test('two batch-workers, killed again and again: the batch goes on where it was, every line is there once', async () => {
  await using house = await startTestPlatform({
    speed: 'instant',
    slots: 32,
    replicas: { 'batch-worker': 2 },
    batches: { window_lines: 64 },
  });
  const client = new OpenAI({ baseURL: `${house.platform.apiUrl}/v1`, apiKey: house.apiKeys[0] ?? '' });
  const ids = Array.from({ length: LINES }, (_, index) => `line-${index}`);
  const input = ids.map((id) =>
    JSON.stringify({
      custom_id: id,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'llama', max_tokens: 8, messages: [{ role: 'user', content: `Say ${id}.` }] },
    }),
  );
  const file = await client.files.create({
    file: await toFile(Buffer.from(input.join('\n')), 'batch.jsonl'),
    purpose: 'batch',
  });
  const { id } = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const done = async (): Promise<number> =>
    (await client.batches.retrieve(id)).request_counts?.completed ?? 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Both at once, each somewhere else in its work.
    const reached = Math.floor((kill * LINES) / (2 * KILLS));
    await expect.poll(done, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(reached);
    house.platform.kill('batch-worker', 'SIGKILL');
    house.platform.kill('batch-worker-2', 'SIGKILL');
  }
  await expect
    .poll(async () => (await client.batches.retrieve(id)).status, { timeout: 120_000, interval: 200 })
    .toBe('completed');
  const batch = await client.batches.retrieve(id);
  expect(batch.request_counts).toEqual({ total: LINES, completed: LINES, failed: 0 });
  const output = await (await client.files.content(batch.output_file_id ?? '')).text();
  const found = output
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
  expect(found.toSorted()).toEqual(ids.toSorted());
});
