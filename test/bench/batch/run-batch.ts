import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { wait } from '@spillway/service-kit';
import type { OpenAI } from 'openai';
import type { BatchPlatform } from './batch-platform.ts';
import { watchFirstDispatch } from './first-dispatch.ts';

export interface BatchRun {
  readonly uploadMegabytesPerSecond: number;
  readonly firstDispatchMs: number;
  readonly linesPerSecond: number;
}

const POLL_MS = 250;
const WITHIN_MS = 300_000;

/** The official SDK's way: upload, create, poll, read the output. Throws unless every line is there once. */
export async function runBatch(
  platform: BatchPlatform,
  path: string,
  lines: number,
  signal: AbortSignal,
): Promise<BatchRun> {
  const { client } = platform;
  const input = await upload(platform, path);
  const dispatch = await watchFirstDispatch(platform);
  const createdAtMs = performance.now();
  const batch = await create(client, input.id);
  const firstDispatchMs = (await dispatch.atMs) - createdAtMs;
  dispatch.close();
  const ended = await untilEnded(client, batch.id, signal);
  const seconds = (performance.now() - createdAtMs) / 1000;
  if (ended.status !== 'completed' || ended.request_counts?.completed !== lines) {
    throw new Error(`not completed: ${JSON.stringify(ended)}`);
  }
  const text = await (await client.files.content(ended.output_file_id ?? '')).text();
  const ids = new Set(
    text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id),
  );
  if (ids.size !== lines) throw new Error(`${ids.size} different lines of ${lines}`);
  return {
    uploadMegabytesPerSecond: input.megabytesPerSecond,
    firstDispatchMs,
    linesPerSecond: lines / seconds,
  };
}

/** Only until the first line is dispatched; then the batch is cancelled. */
export async function beginBatch(
  platform: BatchPlatform,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly firstDispatchMs: number; readonly cancelMs: number }> {
  const { client } = platform;
  const input = await upload(platform, path);
  const dispatch = await watchFirstDispatch(platform);
  const createdAtMs = performance.now();
  const batch = await create(client, input.id);
  const firstDispatchMs = (await dispatch.atMs) - createdAtMs;
  dispatch.close();
  const askedAtMs = performance.now();
  await client.batches.cancel(batch.id);
  const ended = await untilEnded(client, batch.id, signal);
  if (ended.status !== 'cancelled') throw new Error(`not cancelled: ${ended.status}`);
  return { firstDispatchMs, cancelMs: performance.now() - askedAtMs };
}

async function upload({ client }: BatchPlatform, path: string) {
  const { size } = await stat(path);
  const startedAtMs = performance.now();
  const { id } = await client.files.create({ file: createReadStream(path), purpose: 'batch' });
  return { id, megabytesPerSecond: size / 1e3 / (performance.now() - startedAtMs) };
}

const create = (client: OpenAI, fileId: string) =>
  client.batches.create({
    input_file_id: fileId,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });

async function untilEnded(client: OpenAI, id: string, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  for (;;) {
    const batch = await client.batches.retrieve(id);
    if (['completed', 'failed', 'expired', 'cancelled'].includes(batch.status)) return batch;
    limit.throwIfAborted();
    await wait(POLL_MS, limit);
  }
}
