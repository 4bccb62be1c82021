import { idFromUuid, type TenantId } from '@spillway/core';
import type { BatchDescription, BatchRecord } from '@spillway/redis';

export const sampleDescription = (changes: Partial<BatchDescription> = {}): BatchDescription => ({
  face: 'openai',
  endpoint: '/v1/chat/completions',
  completionWindow: '24h',
  metadata: null,
  inputPath: 'files/file-1',
  inputFileId: idFromUuid('FileId', '01990000-0000-7000-8000-000000000003'),
  outputExpiresAfterSeconds: undefined,
  retryOf: undefined,
  options: {},
  ...changes,
});

export const CREATED_AT_MS = Date.UTC(2030, 0, 1);

/** A batch of ten lines in the middle of its run. */
export const sampleBatch = (changes: Partial<BatchRecord> = {}): BatchRecord => ({
  id: idFromUuid('BatchId', '01990000-0000-7000-8000-000000000002'),
  tenantId: 'acme' as TenantId,
  status: 'in_progress',
  version: 5,
  description: sampleDescription(),
  webhook: undefined,
  createdAtMs: CREATED_AT_MS,
  inProgressAtMs: CREATED_AT_MS + 1000,
  cancellingAtMs: undefined,
  finalizingAtMs: undefined,
  endedAtMs: undefined,
  expiresAtMs: CREATED_AT_MS + 86_400_000,
  paused: false,
  counts: { total: 10, completed: 2, failed: 1, cancelled: 0, expired: 0 },
  usage: { inputTokens: 30, cachedInputTokens: 10, outputTokens: 20, reasoningTokens: 5, costMicroUsd: 70 },
  linesPerSecond: 0.5,
  model: 'small',
  mistakes: [],
  outputFileId: undefined,
  errorFileId: undefined,
  ...changes,
});
