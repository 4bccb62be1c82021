import {
  type BackendId,
  type BatchId,
  type EventId,
  type FileId,
  type IdName,
  type JobId,
  parseId,
  parseName,
  type TenantId,
  type WorkerId,
} from '@spillway/core';
import { z } from 'zod';

const idSchema = <Id extends string>(name: IdName, example: string) =>
  z
    .string()
    .refine((raw) => parseId(name, raw).ok, { error: `not a well-formed id; one looks like ${example}` })
    .transform((raw) => raw as Id)
    .meta({ type: 'string', example });

export const jobIdSchema = idSchema<JobId>('JobId', 'job_01kb3v6x8ezq4r0m5t7w9y2a4c');
export const batchIdSchema = idSchema<BatchId>('BatchId', 'batch_01kb3v6x8ezq4r0m5t7w9y2a4c');
export const fileIdSchema = idSchema<FileId>('FileId', 'file-01kb3v6x8ezq4r0m5t7w9y2a4c');
export const eventIdSchema = idSchema<EventId>('EventId', 'evt_01kb3v6x8ezq4r0m5t7w9y2a4c');
export const workerIdSchema = idSchema<WorkerId>('WorkerId', 'wrk_01kb3v6x8ezq4r0m5t7w9y2a4c');

const NAME_RULE = 'use 1 to 63 of a-z, 0-9, ".", "_", "-", beginning with a letter or digit';
export const tenantIdSchema = z
  .string()
  .refine((raw) => parseName('TenantId', raw).ok, { error: NAME_RULE })
  .transform((raw) => raw as TenantId);
export const backendIdSchema = z
  .string()
  .refine((raw) => parseName('BackendId', raw).ok, { error: NAME_RULE })
  .transform((raw) => raw as BackendId);
