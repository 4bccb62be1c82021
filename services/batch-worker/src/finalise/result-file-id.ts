import { createHash } from 'node:crypto';
import { type EpochMs, type FileId, idFromUuid } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';

/**
 * The id of a batch's result file: the same whoever writes it and however often, so that finalising twice makes one file.
 * Like every id it begins with the time, so that listings are in order: when the batch began to be written down.
 */
export function resultFileId(record: BatchRecord, kind: 'output' | 'errors'): FileId {
  const atMs: EpochMs = record.finalizingAtMs ?? record.cancellingAtMs ?? record.createdAtMs;
  const digest = createHash('sha256').update(`${record.id} ${kind}`).digest('hex');
  return idFromUuid('FileId', `${atMs.toString(16).padStart(12, '0')}7${digest.slice(0, 19)}`);
}
