import type {
  BackendId,
  BatchId,
  EventId,
  FileId,
  JobClass,
  JobId,
  TenantId,
  UploadId,
} from '@spillway/core';

/**
 * Every key there is. All of a cell's keys carry its hash tag, so each script stays in one slot of a Redis Cluster.
 * The scripts build the same names from `prefix`: see `script/lib/keys.lua`.
 */
export interface Keys {
  readonly cell: string;
  /** Key 1 of every script: routes it to the cell's slot, and begins every key it touches. */
  readonly prefix: string;
  job(id: JobId): string;
  attempts(id: JobId): string;
  decisions(id: JobId): string;
  request(id: JobId): string;
  /** Hashes of the blocks of its prompt, while it lives. */
  prefixHashes(id: JobId): string;
  result(id: JobId): string;
  batch(id: BatchId): string;
  batchParts(id: BatchId): string;
  batchSettled(id: BatchId): string;
  batchEnded(id: BatchId): string;
  batchSteps(id: BatchId): string;
  /** A tenant's batches of one face, by age. */
  tenantBatches(id: TenantId, face: string): string;
  readonly batchesRetained: string;
  tenantJobs(id: TenantId): string;
  file(id: FileId): string;
  /** The batches that still read a file. */
  fileUsers(id: FileId): string;
  tenantFiles(id: TenantId): string;
  tenantFilesFor(id: TenantId, purpose: string): string;
  /** When files are to be looked at next: written, expired or deleted. */
  readonly filesExpiry: string;
  upload(id: UploadId): string;
  uploadParts(id: UploadId): string;
  readonly uploadsExpiry: string;
  /** The record of a submission's idempotency key. */
  idempotency(id: TenantId, key: string): string;
  delivery(id: EventId): string;
  backend(id: BackendId): string;
  readonly backends: string;
  readonly events: string;
  /** Entries of the outbox that nobody could read so far. */
  readonly eventsAside: string;
  readonly leader: string;
  /**
   * Pub/sub: something the scheduler should look at; a backend that was given jobs; a job that ended; a job whose running
   * attempt must stop.
   */
  readonly wakeChannel: string;
  readonly dispatchedChannel: string;
  readonly endedChannel: string;
  readonly cancelChannel: string;
  /** Pub/sub: a batch that a batch-worker should look at. */
  readonly batchesChannel: string;
  /** BullMQ's own prefix: its keys are its own. */
  readonly queuePrefix: string;
}

/** @param cell the name of the cell, '0' by default; a test gives each case its own */
export function createKeys(cell: string): Keys {
  const prefix = `{sw:${cell}}:`;
  return {
    cell,
    prefix,
    job: (id) => `${prefix}job:${id}`,
    attempts: (id) => `${prefix}job:${id}:attempts`,
    decisions: (id) => `${prefix}job:${id}:decisions`,
    request: (id) => `${prefix}job:${id}:request`,
    prefixHashes: (id) => `${prefix}job:${id}:prefix`,
    result: (id) => `${prefix}job:${id}:result`,
    batch: (id) => `${prefix}batch:${id}`,
    batchParts: (id) => `${prefix}batch:${id}:parts`,
    batchSettled: (id) => `${prefix}batch:${id}:settled`,
    batchEnded: (id) => `${prefix}batch:${id}:ended`,
    batchSteps: (id) => `${prefix}batch:${id}:steps`,
    tenantBatches: (id, face) => `${prefix}tenant:${id}:batches:${face}`,
    batchesRetained: `${prefix}batches:retained`,
    idempotency: (id, key) => `${prefix}idem:${id}:${key}`,
    tenantJobs: (id) => `${prefix}tenant:${id}:jobs`,
    file: (id) => `${prefix}file:${id}`,
    fileUsers: (id) => `${prefix}file:${id}:users`,
    tenantFiles: (id) => `${prefix}tenant:${id}:files`,
    tenantFilesFor: (id, purpose) => `${prefix}tenant:${id}:files:${purpose}`,
    filesExpiry: `${prefix}files:expiry`,
    upload: (id) => `${prefix}upload:${id}`,
    uploadParts: (id) => `${prefix}upload:${id}:parts`,
    uploadsExpiry: `${prefix}uploads:expiry`,
    delivery: (id) => `${prefix}delivery:${id}`,
    backend: (id) => `${prefix}backend:${id}`,
    backends: `${prefix}backends`,
    events: `${prefix}events`,
    eventsAside: `${prefix}events:aside`,
    leader: `${prefix}leader`,
    wakeChannel: `${prefix}wake`,
    dispatchedChannel: `${prefix}dispatched`,
    endedChannel: `${prefix}ended`,
    cancelChannel: `${prefix}cancel`,
    batchesChannel: `${prefix}batches`,
    queuePrefix: `${prefix}bull`,
  };
}

export interface LaneName {
  readonly jobClass: JobClass;
  readonly modelGroup: string;
  readonly tenantId: TenantId;
  readonly pinned: boolean;
}

/** A lane's name as its key and the record of its jobs hold it. Model names may hold colons, so they are escaped. */
export const laneKey = ({ jobClass, modelGroup, tenantId, pinned }: LaneName): string =>
  `${jobClass}:${encodeURIComponent(modelGroup)}:${tenantId}:${pinned ? 'pinned' : 'open'}`;

/** The other direction; throws on a name this code did not write. */
export function parseLaneKey(key: string): LaneName {
  const [jobClass, modelGroup, tenantId, pin, ...rest] = key.split(':');
  if (jobClass === undefined || modelGroup === undefined || tenantId === undefined || rest.length > 0) {
    throw new Error(`not a lane: ${key}`);
  }
  return {
    jobClass: jobClass as JobClass,
    modelGroup: decodeURIComponent(modelGroup),
    tenantId: tenantId as TenantId,
    // Anything but a clear "open" counts as pinned: an unsure reader pins.
    pinned: pin !== 'open',
  };
}
