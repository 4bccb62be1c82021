import { assertNever } from '@spillway/core';
import type { BatchCreation, BatchRecord } from '@spillway/redis';
import { conflict } from '../routes/route-kit.ts';
import { refuse } from './refuse.ts';

export interface CreatedRecord {
  readonly record: BatchRecord;
  /** Of the answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The batch a submission made, now or the first time; throws the problem of one that made none. */
export function createdRecord(creation: BatchCreation): CreatedRecord {
  switch (creation.kind) {
    case 'created':
      return { record: creation.record, headers: {} };
    case 'replayed':
      return { record: creation.record, headers: { 'idempotency-replayed': 'true' } };
    case 'conflict':
      throw conflict();
    case 'input-gone':
      throw refuse('input_file_id', 'no file of yours has this id; it may have expired');
    default:
      return assertNever(creation);
  }
}
