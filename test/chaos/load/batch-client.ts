import {
  type BatchObject,
  batchListSchema,
  batchObjectSchema,
  batchResultSchema,
  type CreateBatchRequest,
  fileObjectSchema,
} from '@spillway/contracts';
import OpenAI, { toFile } from 'openai';
import type { z } from 'zod';
import type { PlannedBatch, PlannedLine } from './planned-batch.ts';

/**
 * What a tenant does with batches, through OpenAI's own client with nothing changed but its address. It repeats nothing
 * by itself, and rejects with the client's errors; an answer of another shape rejects as a `ZodError`.
 */
export interface BatchClient {
  /** Gives the id of the file. */
  upload(plan: Pick<PlannedBatch, 'key' | 'lines'>, signal: AbortSignal): Promise<string>;
  create(request: NewBatch, key: string, signal: AbortSignal): Promise<BatchObject>;
  get(id: string, signal: AbortSignal): Promise<BatchObject>;
  change(id: string, what: BatchChange, signal: AbortSignal): Promise<BatchObject>;
  /** Every batch of the tenant. */
  list(signal: AbortSignal): Promise<readonly BatchObject[]>;
  /** The lines of a result file; none without a file. */
  results(fileId: string | null, signal: AbortSignal): Promise<readonly BatchLine[]>;
  /** Ids of all result files of the tenant. */
  resultFiles(signal: AbortSignal): Promise<readonly string[]>;
}

type NewBatch = Pick<
  CreateBatchRequest,
  'input_file_id' | 'completion_window' | 'metadata' | 'privacy' | 'webhook'
>;
export type BatchChange = 'cancel' | 'pause' | 'resume';

const lineSchema = batchResultSchema.omit({ seq: true });
export type BatchLine = z.infer<typeof lineSchema>;

const LIST_PAGE = 100;

export function createBatchClient(apiUrl: string, apiKey: string, timeoutMs: number): BatchClient {
  const client = new OpenAI({ baseURL: `${apiUrl}/v1`, apiKey, timeout: timeoutMs, maxRetries: 0 });
  return {
    upload: async ({ key, lines }, signal) => {
      const file = await toFile(Buffer.from(inputOf(lines)), `${key}.jsonl`);
      return fileObjectSchema.parse(await client.files.create({ file, purpose: 'batch' }, { signal })).id;
    },
    create: async (request, key, signal) => {
      // beyond OpenAI's own: windows of minutes, webhooks, privacy
      const body = { ...request, endpoint: '/v1/chat/completions' } as OpenAI.BatchCreateParams;
      const options = { headers: { 'Idempotency-Key': key }, signal };
      return batchObjectSchema.parse(await client.batches.create(body, options));
    },
    get: async (id, signal) => batchObjectSchema.parse(await client.batches.retrieve(id, { signal })),
    change: async (id, what, signal) =>
      batchObjectSchema.parse(
        what === 'cancel'
          ? await client.batches.cancel(id, { signal })
          : await client.post<unknown>(`/batches/${id}/${what}`, { signal }),
      ),
    list: async (signal) => {
      const found: BatchObject[] = [];
      for (let after: string | undefined; ;) {
        const query = { limit: LIST_PAGE, ...(after !== undefined && { after }) };
        const page = batchListSchema.parse(await client.get<unknown>('/batches', { query, signal }));
        found.push(...page.data);
        if (!page.has_more || page.last_id === null) return found;
        after = page.last_id;
      }
    },
    results: async (fileId, signal) => {
      if (fileId === null) return [];
      const text = await (await client.files.content(fileId, { signal })).text();
      return text
        .trimEnd()
        .split('\n')
        .map((line) => lineSchema.parse(JSON.parse(line)));
    },
    resultFiles: async (signal) => {
      const ids: string[] = [];
      for await (const file of client.files.list({ purpose: 'batch_output' }, { signal })) ids.push(file.id);
      return ids;
    },
  };
}

/** The file that a batch is made of. */
export const inputOf = (lines: readonly PlannedLine[]): string =>
  lines.map(({ text }) => `${text}\n`).join('');
