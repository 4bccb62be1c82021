import { createHash } from 'node:crypto';
import type { Config, CreateDocumentBatchOptions } from '@spillway/contracts';
import type { BatchId, JobId, Result, TenantId } from '@spillway/core';
import { type DocumentProblem, readDocument } from '@spillway/documents';
import type { BatchItem, NewBatch } from '@spillway/redis';
import { prepareJob, type Refusal } from './prepare-job.ts';

/** One file of a batch as it was sent. */
export interface SentDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PrepareBatchDeps {
  readonly config: Config;
  readonly tenantId: TenantId;
  readonly newJobId: () => JobId;
}

const RETAIN_SECONDS = 86_400;

/** What a batch of documents becomes: one job for each that can be read, one error for each that cannot. */
export async function prepareBatch(
  id: BatchId,
  options: CreateDocumentBatchOptions,
  documents: readonly SentDocument[],
  deps: PrepareBatchDeps,
): Promise<Result<NewBatch, Refusal>> {
  const items: BatchItem[] = [];
  for (const { name, bytes } of documents) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const read = await readDocument({ name, bytes });
    if (!read.ok) {
      items.push({ document: name, sha256, error: publicError(read.error) });
      continue;
    }
    const job = prepareJob(requestFor(options, read.value.text), deps.newJobId(), deps.tenantId, deps.config);
    if (!job.ok) return job;
    items.push({ document: name, sha256, job: job.value });
  }
  return {
    ok: true,
    value: {
      id,
      tenantId: deps.tenantId,
      description: { model: options.model, metadata: options.metadata ?? null },
      webhook: options.webhook,
      retainMs: (options.retain_seconds ?? RETAIN_SECONDS) * 1000,
      items,
    },
  };
}

const publicError = ({ code, detail }: DocumentProblem) => ({ code, detail });

/** The chat completion that asks for one document: the instruction is the system's word, the document the user's. */
function requestFor(options: CreateDocumentBatchOptions, text: string) {
  const {
    instruction,
    model,
    max_output_tokens: maxTokens,
    webhook: _webhook,
    metadata: _metadata,
    ...job
  } = options;
  return {
    ...job,
    endpoint: '/v1/chat/completions' as const,
    request: {
      model,
      messages: [
        { role: 'system', content: instruction },
        { role: 'user', content: text },
      ],
      max_tokens: maxTokens,
    },
  };
}
