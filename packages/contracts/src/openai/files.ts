import { z } from 'zod';
import { fileIdSchema } from '../ids.ts';

/** What a client may upload a file for. */
export const UPLOAD_PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
/** And what the platform makes files for. */
export const FILE_PURPOSES = [...UPLOAD_PURPOSES, 'batch_output'] as const;
export type FilePurpose = (typeof FILE_PURPOSES)[number];

const uploadPurposeSchema = z.enum(UPLOAD_PURPOSES);
const lifeSchema = z.int().min(3600).max(2_592_000);
const anchorSchema = z.literal('created_at');

/** When a file expires, counted from its creation, in seconds: an hour to 30 days. */
export const expiresAfterSchema = z.strictObject({ anchor: anchorSchema, seconds: lifeSchema });

/** The fields of the form beside its file, with the brackets that the SDKs send. */
export const createFileFieldsSchema = z
  .strictObject({
    purpose: uploadPurposeSchema,
    'expires_after[anchor]': anchorSchema.optional(),
    'expires_after[seconds]': z
      .string()
      .regex(/^\d{1,8}$/, { error: 'digits only' })
      .transform(Number)
      .pipe(lifeSchema)
      .meta({ type: 'integer', minimum: 3600, maximum: 2_592_000 })
      .optional(),
  })
  .check(({ value, issues }) => {
    const [missing] = (['expires_after[anchor]', 'expires_after[seconds]'] as const).filter(
      (name) => value[name] === undefined,
    );
    if (missing === undefined) return;
    if (value['expires_after[anchor]'] === undefined && value['expires_after[seconds]'] === undefined) return;
    issues.push({
      code: 'custom',
      input: value,
      path: [missing],
      message: 'both parts of expires_after are needed',
    });
  });

export const fileObjectSchema = z
  .strictObject({
    id: fileIdSchema,
    object: z.literal('file'),
    bytes: z.int().min(0),
    created_at: z.int(),
    expires_at: z.int(),
    filename: z.string(),
    purpose: z.enum(FILE_PURPOSES),
    /** Deprecated, yet read by clients: a file is usable from the moment it can be seen. */
    status: z.literal('processed'),
    status_details: z.null(),
  })
  .meta({ id: 'OpenAIFile', description: 'A file; times are unix seconds.' });
export type FileObject = z.infer<typeof fileObjectSchema>;

export const fileListSchema = z
  .strictObject({
    object: z.literal('list'),
    data: z.array(fileObjectSchema),
    first_id: fileIdSchema.nullable(),
    last_id: fileIdSchema.nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'OpenAIFileList' });
export type FileListBody = z.infer<typeof fileListSchema>;

export const fileDeletedSchema = z
  .strictObject({ id: fileIdSchema, object: z.literal('file'), deleted: z.literal(true) })
  .meta({ id: 'OpenAIFileDeleted' });

const MOST_FILES = 10_000;

export const listFilesQuerySchema = z.strictObject({
  purpose: z.enum(FILE_PURPOSES).optional(),
  limit: z
    .string()
    .regex(/^\d{1,5}$/, { error: `1 to ${MOST_FILES}` })
    .transform(Number)
    .pipe(z.int().min(1).max(MOST_FILES))
    .meta({ type: 'integer', minimum: 1, maximum: MOST_FILES })
    .default(MOST_FILES),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: fileIdSchema.optional().meta({ description: 'the last file of the page before' }),
});
