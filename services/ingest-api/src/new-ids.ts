import { randomUUIDv7 } from 'node:crypto';
import {
  type BatchId,
  type FileId,
  idFromUuid,
  type JobId,
  type PartId,
  type UploadId,
} from '@spillway/core';

/** The names of what is made here; a test looks at them. */
export interface NewIds {
  readonly newJobId: () => JobId;
  readonly newBatchId: () => BatchId;
  readonly newFileId: () => FileId;
  readonly newUploadId: () => UploadId;
  readonly newPartId: () => PartId;
}

/** Ids that sort by time. */
export const createNewIds = (): NewIds => ({
  newJobId: () => idFromUuid('JobId', randomUUIDv7()),
  newBatchId: () => idFromUuid('BatchId', randomUUIDv7()),
  newFileId: () => idFromUuid('FileId', randomUUIDv7()),
  newUploadId: () => idFromUuid('UploadId', randomUUIDv7()),
  newPartId: () => idFromUuid('PartId', randomUUIDv7()),
});
