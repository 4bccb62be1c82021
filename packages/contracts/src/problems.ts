import { z } from 'zod';

/**
 * Every problem the platform answers with, once. `code` is stable and is what a client should branch on; `detail`
 * of an instance is public text that says what to do.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'Request does not match the schema' },
  'malformed-json': { status: 400, title: 'Body is not valid JSON' },
  'model-not-found': { status: 400, title: 'No backend is configured for this model' },
  'missing-api-key': { status: 401, title: 'No API key was sent' },
  'invalid-api-key': { status: 401, title: 'The API key is not known' },
  'not-found': { status: 404, title: 'No such route' },
  'job-not-found': { status: 404, title: 'No such job' },
  'batch-not-found': { status: 404, title: 'No such batch' },
  'file-not-found': { status: 404, title: 'No such file' },
  'upload-not-found': { status: 404, title: 'No such upload' },
  'idempotency-conflict': { status: 409, title: 'The idempotency key was used with another body' },
  'batch-ended': { status: 409, title: 'The batch has ended: nothing of it changes any more' },
  'batch-not-ended': { status: 409, title: 'The batch has not ended yet' },
  'nothing-to-retry': { status: 409, title: 'No line of the batch failed' },
  'file-in-use': { status: 409, title: 'A batch still reads the file' },
  'upload-not-pending': { status: 409, title: 'The upload takes no more: it has ended' },
  'request-too-large': { status: 413, title: 'The body is larger than this server takes' },
  'file-too-large': { status: 413, title: 'The file is larger than this server takes' },
  'unsupported-media-type': { status: 415, title: 'The body has another content type than expected' },
  'range-not-satisfiable': { status: 416, title: 'The file has no byte in the range asked for' },
  'tenant-quota-exceeded': { status: 429, title: 'The tenant has as many queued jobs as it may' },
  'tenant-rate-limited': { status: 429, title: 'The tenant submits more in a minute than it may' },
  'too-many-streams': { status: 429, title: 'The tenant follows as many batches at once as it may' },
  'queue-too-long': { status: 429, title: 'The queue is longer than the client accepts' },
  'internal-error': { status: 500, title: 'Something is broken on our side' },
  'store-unavailable': { status: 503, title: 'The store cannot take the request now' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details, with a stable `code`.' });
export type ProblemBody = z.infer<typeof problemSchema>;
