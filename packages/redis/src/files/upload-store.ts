import type { UploadStatus } from '@spillway/contracts';
import type { EpochMs, FileId, PartId, TenantId, UploadId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { confirmDurable } from '../durability.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { fileArguments, type NewFile } from './file-record.ts';
import { type NewUpload, toUploadRecord, type UploadRecord } from './upload-record.ts';

interface NotFound {
  readonly kind: 'not-found';
}
/** It has ended, in this way. */
interface NotPending {
  readonly kind: 'not-pending';
  readonly status: UploadStatus;
}

type PartAddition =
  | { readonly kind: 'added'; readonly atMs: EpochMs }
  /** More parts, or more bytes, than the upload may have. */
  | { readonly kind: 'too-much' }
  | NotPending
  | NotFound;

/** `fileId` is that of an earlier completion in the same order of parts, if there was one. */
export type UploadCompletion =
  | { readonly kind: 'completed'; readonly fileId: FileId }
  | NotPending
  | NotFound;
type UploadCancellation = { readonly kind: 'cancelled' } | NotPending | NotFound;

/** An upload of which nothing is to be left, its parts first. */
export interface DueUpload {
  readonly id: UploadId;
  readonly tenantId: TenantId;
}

interface PartLimits {
  readonly mostParts: number;
  /** Of the announced bytes: all parts together, also those that never become part of the file. */
  readonly mostTimesBytes: number;
}

/** The records of uploads; their parts are blobs. */
export interface UploadStore {
  create(upload: NewUpload): Promise<void>;
  /** Undefined for one that does not exist or is another tenant's; one that nobody completed in time is expired. */
  one(id: UploadId, tenantId: TenantId): Promise<UploadRecord | undefined>;
  /** The bytes of each part. */
  parts(id: UploadId): Promise<ReadonlyMap<PartId, number>>;
  addPart(
    id: UploadId,
    tenantId: TenantId,
    part: { readonly id: PartId; readonly bytes: number },
    limits: PartLimits,
  ): Promise<PartAddition>;
  /** Makes the file visible and ends the upload in one step; the reply comes after it is on disk. */
  complete(id: UploadId, tenantId: TenantId, order: string, file: NewFile): Promise<UploadCompletion>;
  cancel(id: UploadId, tenantId: TenantId): Promise<UploadCancellation>;
  /** Those that expired, or would have, an hour ago. The caller deletes what is left of their parts and forgets them. */
  due(limit: number): Promise<readonly DueUpload[]>;
  forget(id: UploadId): Promise<void>;
}

const additionSchema = z.union([
  z.tuple([z.literal('added'), z.number()]),
  z.tuple([z.literal('not-pending'), z.enum(['completed', 'cancelled', 'expired'])]),
  z.tuple([z.enum(['not-found', 'too-much'])]),
]);
const completionSchema = z.union([
  z.tuple([z.literal('completed'), z.string()]),
  z.tuple([z.literal('not-pending'), z.enum(['completed', 'cancelled', 'expired'])]),
  z.tuple([z.literal('not-found')]),
]);
const cancellationSchema = z.union([
  z.tuple([z.literal('not-pending'), z.enum(['completed', 'cancelled', 'expired'])]),
  z.tuple([z.enum(['cancelled', 'not-found'])]),
]);

export function createUploadStore(redis: Redis, keys: Keys): UploadStore {
  const script = (name: string) => defineScript(redis, keys, new URL(`./${name}.lua`, import.meta.url));
  const [createScript, addScript] = [script('create-upload'), script('add-part')];
  const [completeScript, cancelScript] = [script('complete-upload'), script('cancel-upload')];
  const clock = async (): Promise<EpochMs> => {
    const [seconds, micros] = await redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  };
  return {
    create: async ({ id, tenantId, filename, purpose, bytes, openMs, fileKeepMs }) => {
      await createScript(id, tenantId, filename, purpose, bytes, openMs, fileKeepMs);
      await confirmDurable(redis);
    },
    one: async (id, tenantId) => {
      const [hash, nowMs] = await Promise.all([redis.hgetall(keys.upload(id)), clock()]);
      const record = toUploadRecord(id, hash, nowMs);
      return record?.tenantId === tenantId ? record : undefined;
    },
    parts: async (id) =>
      new Map(
        Object.entries(await redis.hgetall(keys.uploadParts(id))).map(([part, bytes]) => [
          part as PartId,
          Number(bytes),
        ]),
      ),
    addPart: async (id, tenantId, part, { mostParts, mostTimesBytes }) => {
      const reply = additionSchema.parse(
        await addScript(id, tenantId, part.id, part.bytes, mostParts, mostTimesBytes),
      );
      await confirmDurable(redis);
      if (reply[0] === 'added') return { kind: 'added', atMs: reply[1] };
      return reply[0] === 'not-pending' ? { kind: 'not-pending', status: reply[1] } : { kind: reply[0] };
    },
    complete: async (id, tenantId, order, file) => {
      const reply = completionSchema.parse(await completeScript(id, tenantId, order, ...fileArguments(file)));
      await confirmDurable(redis);
      if (reply[0] === 'completed') return { kind: 'completed', fileId: reply[1] as FileId };
      return reply[0] === 'not-pending' ? { kind: 'not-pending', status: reply[1] } : { kind: 'not-found' };
    },
    cancel: async (id, tenantId) => {
      const reply = cancellationSchema.parse(await cancelScript(id, tenantId));
      await confirmDurable(redis);
      return reply[0] === 'not-pending' ? { kind: 'not-pending', status: reply[1] } : { kind: reply[0] };
    },
    due: async (limit) => {
      const ids = (await redis.zrange(
        keys.uploadsExpiry,
        '-inf',
        String(await clock()),
        'BYSCORE',
        'LIMIT',
        0,
        limit,
      )) as UploadId[];
      const tenants = await Promise.all(ids.map((id) => redis.hget(keys.upload(id), 'tenant')));
      return ids.flatMap((id, index) => {
        const tenant = tenants[index];
        return tenant ? { id, tenantId: tenant as TenantId } : [];
      });
    },
    forget: async (id) => {
      await redis.multi().del(keys.upload(id), keys.uploadParts(id)).zrem(keys.uploadsExpiry, id).exec();
    },
  };
}
