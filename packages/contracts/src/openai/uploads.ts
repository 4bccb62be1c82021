import { type PartId, parseId, type UploadId } from '@spillway/core';
import { z } from 'zod';
import { expiresAfterSchema, fileObjectSchema, UPLOAD_PURPOSES } from './files.ts';

/** The most bytes that one part may have, and the most parts that one upload may have. */
export const MOST_PART_BYTES = 67_108_864;
export const MOST_PARTS = 10_000;

export const createUploadRequestSchema = z
  .strictObject({
    filename: z.string().min(1).max(1024),
    purpose: z.enum(UPLOAD_PURPOSES),
    /** Of the whole file. */
    bytes: z.int().min(1),
    mime_type: z.string().min(1).max(255),
    expires_after: expiresAfterSchema.optional(),
  })
  .meta({ id: 'CreateUploadRequest' });
export type CreateUploadRequest = z.infer<typeof createUploadRequestSchema>;

const partIdSchema = z
  .string()
  .refine((raw) => parseId('PartId', raw).ok, { error: 'not the id of a part' })
  .transform((raw) => raw as PartId)
  .meta({ type: 'string', example: 'part_01kb3v6x8ezq4r0m5t7w9y2a4c' });

const uploadIdSchema = z
  .string()
  .refine((raw) => parseId('UploadId', raw).ok, { error: 'not the id of an upload' })
  .transform((raw) => raw as UploadId)
  .meta({ type: 'string', example: 'upload_01kb3v6x8ezq4r0m5t7w9y2a4c' });

export const completeUploadRequestSchema = z
  .strictObject({
    /** In the order their bytes have in the file. */
    part_ids: z.array(partIdSchema).min(1).max(MOST_PARTS),
    /** Of the whole file, in hex or base 64. */
    md5: z.string().max(64).optional(),
  })
  .meta({ id: 'CompleteUploadRequest' });

const UPLOAD_STATUSES = ['pending', 'completed', 'cancelled', 'expired'] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

export const uploadObjectSchema = z
  .strictObject({
    id: uploadIdSchema,
    object: z.literal('upload'),
    bytes: z.int(),
    created_at: z.int(),
    expires_at: z.int(),
    filename: z.string(),
    purpose: z.enum(UPLOAD_PURPOSES),
    status: z.enum(UPLOAD_STATUSES),
    /** Once it is completed, as long as it is kept. */
    file: fileObjectSchema.nullable(),
  })
  .meta({ id: 'OpenAIUpload', description: 'A file that is sent in parts; times are unix seconds.' });
export type UploadObject = z.infer<typeof uploadObjectSchema>;

export const uploadPartSchema = z
  .strictObject({
    id: partIdSchema,
    object: z.literal('upload.part'),
    created_at: z.int(),
    upload_id: uploadIdSchema,
  })
  .meta({ id: 'OpenAIUploadPart' });
export type UploadPartBody = z.infer<typeof uploadPartSchema>;
