import type { BatchId, BatchStatus, FileId, InputMistake, TenantId } from '@spillway/core';
import type { WebhookTarget } from '@spillway/contracts';
import type { BatchDescription, BatchRecord, NewBatch } from './batch-record.ts';

/** A batch from the fields of its record; undefined for one that does not exist or was forgotten. */
export function toBatchRecord(
  id: BatchId,
  fields: Readonly<Record<string, string>>,
): BatchRecord | undefined {
  const { tenant, status, description, webhook, mistakes, model, rate, output_file, error_file } = fields;
  if (!tenant || status === undefined || description === undefined) return undefined;
  const count = (name: string): number => Number(fields[name] ?? 0);
  const instant = (name: string): number | undefined =>
    fields[name] === undefined ? undefined : Number(fields[name]);
  const counts = {
    total: count('total'),
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    expired: count('expired'),
  };
  return {
    id,
    tenantId: tenant as TenantId,
    status: status as BatchStatus,
    version: count('moves') + counts.completed + counts.failed + counts.cancelled + counts.expired,
    description: JSON.parse(description) as BatchDescription,
    webhook: webhook === undefined ? undefined : (JSON.parse(webhook) as WebhookTarget),
    createdAtMs: count('created_at_ms'),
    expiresAtMs: count('expires_at_ms'),
    inProgressAtMs: instant('in_progress_at_ms'),
    cancellingAtMs: instant('cancelling_at_ms'),
    finalizingAtMs: instant('finalizing_at_ms'),
    endedAtMs: instant('ended_at_ms'),
    paused: fields['paused'] === '1',
    counts,
    usage: {
      inputTokens: count('input_tokens'),
      cachedInputTokens: count('cached_input_tokens'),
      outputTokens: count('output_tokens'),
      reasoningTokens: count('reasoning_tokens'),
      costMicroUsd: count('cost_micro_usd'),
    },
    linesPerSecond: rate === undefined ? undefined : Number(rate),
    model,
    mistakes: mistakes === undefined ? [] : (JSON.parse(mistakes) as readonly InputMistake[]),
    outputFileId: output_file as FileId | undefined,
    errorFileId: error_file as FileId | undefined,
  };
}

/** What `create-batch.lua` writes of a new batch at that instant, so that its answer needs no reading. */
export const newBatchRecord = (batch: NewBatch, nowMs: number): BatchRecord => ({
  id: batch.id,
  tenantId: batch.tenantId,
  status: 'validating',
  version: 1,
  description: batch.description,
  webhook: batch.webhook,
  createdAtMs: nowMs,
  expiresAtMs: nowMs + batch.windowMs,
  inProgressAtMs: undefined,
  cancellingAtMs: undefined,
  finalizingAtMs: undefined,
  endedAtMs: undefined,
  paused: false,
  counts: { total: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 },
  usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, costMicroUsd: 0 },
  linesPerSecond: undefined,
  model: undefined,
  mistakes: [],
  outputFileId: undefined,
  errorFileId: undefined,
});
