import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Config, CreateDocumentBatchOptions } from '@spillway/contracts';
import { type BatchId, err, type JobId, ok, type Result, type TenantId } from '@spillway/core';
import { type DocumentProblem, readDocument } from '@spillway/documents';
import type { BatchItem, NewBatch } from '@spillway/redis';
import { prepareJob, type Refusal, refuseModel } from './prepare-job.ts';

/** One file of a batch as it was sent; its name is a label that comes back with the result and opens nothing. */
export interface SentDocument {
  readonly name: string;
  bytes(): Promise<Uint8Array>;
}

export interface PrepareBatchDeps {
  readonly config: Config;
  readonly tenantId: TenantId;
  readonly newJobId: () => JobId;
}

/** A path of a file system may be longer; a label need not be. */
const LONGEST_NAME = 1024;

/**
 * What a batch of documents becomes: one job for each that can be read, one error for each that cannot. Refuses the
 * whole batch for a model nobody serves, a document without a usable name, or one that `cloud_only` keeps from running.
 */
export async function prepareBatch(
  id: BatchId,
  options: CreateDocumentBatchOptions,
  documents: readonly SentDocument[],
  deps: PrepareBatchDeps,
): Promise<Result<NewBatch, Refusal>> {
  const refusal = refuseModel(options.model, deps.config, 'options.model') ?? refuseNames(documents);
  if (refusal !== undefined) return err(refusal);
  const items: BatchItem[] = [];
  for (const document of documents) {
    const item = await prepareItem(options, document, deps);
    if (!item.ok) return item;
    items.push(item.value);
    // Reading and searching are work without a pause: other requests get their turn between two documents.
    await nextTurn();
  }
  return ok({
    id,
    tenantId: deps.tenantId,
    description: { model: options.model, metadata: options.metadata ?? null },
    webhook: options.webhook,
    retainMs: (options.retain_seconds ?? deps.config.retention.jobs_seconds) * 1000,
    items,
  });
}

function refuseNames(documents: readonly SentDocument[]): Refusal | undefined {
  const index = documents.findIndex(({ name }) => name.length === 0 || name.length > LONGEST_NAME);
  if (index < 0) return undefined;
  const detail = `a document needs a file name of 1 to ${LONGEST_NAME} characters`;
  return { code: 'invalid-request', path: `documents[].${index}`, detail };
}

async function prepareItem(
  options: CreateDocumentBatchOptions,
  document: SentDocument,
  { config, tenantId, newJobId }: PrepareBatchDeps,
): Promise<Result<BatchItem, Refusal>> {
  const { name } = document;
  const bytes = await document.bytes();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = await readDocument({ name, bytes });
  if (!read.ok) return ok({ document: name, sha256, error: publicError(read.error) });
  const job = prepareJob(requestFor(options, read.value.text), newJobId(), tenantId, config);
  if (job.ok) return ok({ document: name, sha256, job: job.value });
  const { code, path, detail } = job.error;
  return err({ code, path: `options.${path}`, detail: `document "${name}": ${detail}` });
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
