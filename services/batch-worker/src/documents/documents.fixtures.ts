import { createHash, randomUUIDv7 } from 'node:crypto';
import { batchPaths } from '@spillway/batches';
import { type Config, configSchema, documentResultSchema, type DocumentResult } from '@spillway/contracts';
import { type BatchId, hasBatchEnded, idFromUuid, isJsonObject, type JsonObject } from '@spillway/core';
import type { BatchRecord, Claim, Settlement } from '@spillway/redis';
import { type BatchHouse, TENANT } from '../testing/open-batch-house.ts';
import type { PlayEngine } from '../testing/play-engine.ts';
import { workOnBatch } from '../work-on-batch.ts';
import type { DocumentOptions } from './document-options.ts';

const NEVER = new AbortController().signal;

/** A local engine and a cloud account that both serve `small`, with a window of so many tokens. */
export const documentConfig = (contextTokens: number): Config =>
  configSchema.parse({
    backends: {
      'gpu-0': {
        kind: 'vllm',
        url: 'http://127.0.0.1:9/v1',
        models: { small: 'small' },
        context_tokens: contextTokens,
      },
      'cloud-0': { kind: 'openai', api_key: 'none', models: { small: 'small-cloud' } },
    },
    batches: { window_lines: 32 },
  });

export const documentOptions = (changes: Partial<DocumentOptions> = {}): DocumentOptions => ({
  instruction: 'Summarise it.',
  model: 'small',
  max_output_tokens: 100,
  class: 'batch',
  strategy: 'auto',
  privacy: 'auto',
  ...changes,
});

export const TOTAL_SCHEMA: NonNullable<DocumentOptions['schema']> = {
  type: 'object',
  properties: { total: { type: 'number' } },
  required: ['total'],
  additionalProperties: false,
};

/** As many paragraphs as a part of a window of 800 tokens has no room for a second of. */
export const pagesOf = (count: number): string =>
  Array.from({ length: count }, (_, page) => `Page ${page}. ${'Words of no weight. '.repeat(80)}`).join(
    '\n\n',
  );

export interface SentDocument {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Its blob is not there when it is read. */
  readonly isLost?: boolean;
}

/** What the API does with documents that were sent: the files, the manifest and the batch. */
export async function createDocumentBatch(
  { blobs, batches }: BatchHouse,
  documents: readonly SentDocument[],
  options: DocumentOptions = documentOptions(),
): Promise<BatchRecord> {
  const id = idFromUuid('BatchId', randomUUIDv7());
  const paths = batchPaths(id);
  const lines = documents.map(async ({ name, content, isLost = false }, index) => {
    const bytes = Buffer.from(content);
    const path = paths.document(index);
    if (!isLost) await blobs.write({ tenantId: TENANT, path }, [bytes], { signal: NEVER });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return JSON.stringify({ custom_id: String(index), document: name, path, sha256, bytes: bytes.length });
  });
  const manifest = Buffer.from(`${(await Promise.all(lines)).join('\n')}\n`);
  await blobs.write({ tenantId: TENANT, path: paths.input }, [manifest], { signal: NEVER });
  const creation = await batches.create(
    {
      id,
      tenantId: TENANT,
      description: {
        face: 'documents',
        endpoint: '/v1/chat/completions',
        completionWindow: '24h',
        metadata: null,
        inputPath: paths.input,
        inputFileId: undefined,
        outputExpiresAfterSeconds: undefined,
        retryOf: undefined,
        options: { ...options, documents: documents.length },
      },
      webhook: undefined,
      windowMs: 60_000,
      retainMs: 60_000,
    },
    undefined,
  );
  if (creation.kind !== 'created') throw new Error(creation.kind);
  return creation.record;
}

/** One batch-worker does what there is to do, until it has to wait for jobs. */
export async function workOnce(house: BatchHouse, id: BatchId): Promise<void> {
  await house.makeDue(id);
  const taking = await house.work.take(10_000);
  if (taking.kind === 'taken') await workOnBatch(house.deps, taking.lease, NEVER);
}

/** Worker and engine by turns until the batch has ended; gives every request the engine saw, in order. */
export async function runToEnd(
  house: BatchHouse,
  engine: PlayEngine,
  id: BatchId,
  answer: (claim: Claim) => Settlement,
): Promise<readonly Claim[]> {
  const seen: Claim[] = [];
  for (let round = 0; !hasBatchEnded((await house.one(id)).status); round += 1) {
    if (round > 50) throw new Error(`no end: ${JSON.stringify(await house.one(id))} ${house.log.join('\n')}`);
    await workOnce(house, id);
    const claims = await engine.start(1000);
    for (const claim of claims) await engine.settle(claim, answer(claim));
    seen.push(...claims);
  }
  return seen;
}

/** An answer in words. */
export const saying = (text: string, costMicroUsd = 3): Settlement => ({
  kind: 'completed',
  statusCode: 200,
  body: { choices: [{ message: { role: 'assistant', content: text } }] },
  usage: { inputTokens: 10, cachedInputTokens: 2, outputTokens: 5, costMicroUsd },
  servedBy: { backend: 'gpu-0' as never, location: 'local', model: 'small', simulated: true },
});

export const refusing = (kind: 'invalid-request' | 'backend-error', detail: string): Settlement => ({
  kind: 'failed',
  reason: { kind, detail },
  backendFault: { blamed: false, coolForMs: 0 },
});

/** Results by document, as the file at the end has them. */
export async function resultsOf(house: BatchHouse, id: BatchId): Promise<readonly DocumentResult[]> {
  const { outputFileId } = await house.one(id);
  const lines = (await house.resultLines(outputFileId)).map((line) => documentResultSchema.parse(line));
  return lines.toSorted((a, b) => a.index - b.index);
}

/** What a message of a request says, of all with that role. */
export const said = (request: JsonObject, role: string): string =>
  (Array.isArray(request['messages']) ? (request['messages'] as readonly unknown[]) : [])
    .filter((message) => isJsonObject(message) && message['role'] === role)
    .map((message) => (isJsonObject(message) ? String(message['content']) : ''))
    .join('\n');

/** Keys of jobs and of what a running batch needs: none, once it has ended. */
export async function leftOf({ store }: BatchHouse, id: BatchId): Promise<readonly string[]> {
  const { redis, keys } = store;
  const all = await redis.keys(`${keys.prefix.replace('{', '\\{')}*`);
  return all.filter(
    (key) => /:job:|:lane|clocks:|:live$|unseen|retry|batches:running/u.test(key) || key.includes(`${id}:`),
  );
}
