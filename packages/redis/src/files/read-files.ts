import type { FilePurpose } from '@spillway/contracts';
import type { FileId, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import { FILE_FIELDS, type FileRecord, toFileRecord } from './file-record.ts';

export interface FileListFilter {
  readonly purpose: FilePurpose | undefined;
  /** By age: `desc` begins with the newest. */
  readonly order: 'asc' | 'desc';
  /** The page begins behind this one, whether it is still there or not. */
  readonly after: FileId | undefined;
  readonly limit: number;
}

export interface FilePage {
  readonly files: readonly FileRecord[];
  readonly hasMore: boolean;
}

const CHUNK = 1000;

export function createFileReader(redis: Redis, keys: Keys) {
  /** In the order asked for; those that cannot be seen are left out. One round trip. */
  const many = async (ids: readonly FileId[]): Promise<readonly FileRecord[]> => {
    if (ids.length === 0) return [];
    const pipeline = redis.pipeline().time();
    for (const id of ids) pipeline.hmget(keys.file(id), ...FILE_FIELDS);
    const [time, ...hashes] = ((await pipeline.exec()) ?? []).map(([error, value]) => {
      if (error) throw error;
      return value as (string | null)[];
    });
    if (time === undefined || hashes.length < ids.length) throw new Error('the pipeline was cut short');
    const nowMs = Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000);
    return ids.flatMap((id, index) => toFileRecord(id, hashes[index] ?? [], nowMs) ?? []);
  };

  const chunkOf = async (
    tenantId: TenantId,
    { purpose, order }: FileListFilter,
    after: FileId | undefined,
  ): Promise<readonly FileId[]> => {
    const key = purpose === undefined ? keys.tenantFiles(tenantId) : keys.tenantFilesFor(tenantId, purpose);
    const from = after === undefined ? undefined : `(${after}`;
    const found =
      order === 'desc'
        ? await redis.zrange(key, from ?? '+', '-', 'BYLEX', 'REV', 'LIMIT', 0, CHUNK)
        : await redis.zrange(key, from ?? '-', '+', 'BYLEX', 'LIMIT', 0, CHUNK);
    return found as FileId[];
  };

  /** What has expired and was not cleared away yet is passed over: a page is short only at the end of the list. */
  const list = async (tenantId: TenantId, filter: FileListFilter): Promise<FilePage> => {
    const files: FileRecord[] = [];
    let after = filter.after;
    for (let isEnd = false; !isEnd && files.length <= filter.limit;) {
      const ids = await chunkOf(tenantId, filter, after);
      files.push(...(await many(ids)));
      after = ids.at(-1) ?? after;
      isEnd = ids.length < CHUNK;
    }
    return { files: files.slice(0, filter.limit), hasMore: files.length > filter.limit };
  };
  return { many, list };
}
