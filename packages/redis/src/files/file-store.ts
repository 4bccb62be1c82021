import type { FileId, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { confirmDurable } from '../durability.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { fileArguments, type FileRecord, type NewFile } from './file-record.ts';
import { createFileReader, type FileListFilter, type FilePage } from './read-files.ts';

export type FileDeletion =
  | { readonly kind: 'deleted'; readonly path: string }
  /** A batch still reads it. */
  | { readonly kind: 'in-use' }
  | { readonly kind: 'not-found' };

/** A file whose blob is to be deleted. */
export interface DueFile {
  readonly id: FileId;
  readonly tenantId: TenantId;
  readonly path: string;
}

/** The records of files; their bytes are blobs. A blob outlives no record: reserve, write, create; delete, remove, forget. */
export interface FileStore {
  /** Before its blob is written: a reservation that never becomes a file is due after a day, with what was written. */
  reserve(file: DueFile, of?: 'results'): Promise<void>;
  /** Makes the file visible. The reply comes after it is on disk; the same id again is the same file. */
  create(file: NewFile): Promise<FileRecord>;
  /** Undefined for one that does not exist, is another tenant's or has expired. */
  one(id: FileId, tenantId: TenantId): Promise<FileRecord | undefined>;
  list(tenantId: TenantId, filter: FileListFilter): Promise<FilePage>;
  /** Nobody finds it from here on. The caller deletes the blob and forgets the file; who dies before leaves it due. */
  delete(id: FileId, tenantId: TenantId): Promise<FileDeletion>;
  /** Hides files whose time is over and says what is to be deleted; those of batches that still run wait. */
  due(limit: number): Promise<readonly DueFile[]>;
  /** Once its blob is deleted. A file that can still be seen stays. */
  forget(id: FileId): Promise<void>;
}

const createdSchema = z.tuple([z.number(), z.number()]);
const deletionSchema = z.union([
  z.tuple([z.literal('deleted'), z.string()]),
  z.tuple([z.enum(['in-use', 'not-found'])]),
]);
const dueSchema = z.array(z.tuple([z.string(), z.string(), z.string()]));

export function createFileStore(redis: Redis, keys: Keys): FileStore {
  const script = (name: string) => defineScript(redis, keys, new URL(`./${name}.lua`, import.meta.url));
  const [reserveFile, createFile, deleteFile, takeDueFiles, forgetFile] = [
    script('reserve-file'),
    script('create-file'),
    script('delete-file'),
    script('take-due-files'),
    script('forget-file'),
  ];
  const reader = createFileReader(redis, keys);
  return {
    reserve: async ({ id, tenantId, path }, of) => {
      await reserveFile(id, tenantId, path, of === 'results' ? 1 : 0);
    },
    create: async (file) => {
      const [createdAtMs, expiresAtMs] = createdSchema.parse(await createFile(...fileArguments(file)));
      await confirmDurable(redis);
      const { keepMs: _keepMs, ...rest } = file;
      return { ...rest, createdAtMs, expiresAtMs };
    },
    one: async (id, tenantId) => {
      const [record] = await reader.many([id]);
      return record?.tenantId === tenantId ? record : undefined;
    },
    list: reader.list,
    delete: async (id, tenantId) => {
      const reply = deletionSchema.parse(await deleteFile(id, tenantId));
      await confirmDurable(redis);
      return reply[0] === 'deleted' ? { kind: 'deleted', path: reply[1] } : { kind: reply[0] };
    },
    due: async (limit) =>
      dueSchema
        .parse(await takeDueFiles(limit))
        .map(([id, tenant, path]) => ({ id: id as FileId, tenantId: tenant as TenantId, path })),
    forget: async (id) => {
      await forgetFile(id);
    },
  };
}
