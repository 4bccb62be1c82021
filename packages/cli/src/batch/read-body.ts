import { SpillwayError } from '@spillway/client';
import type { batchObjectSchema, BatchObject, FileObject, fileObjectSchema } from '@spillway/contracts';

type Schema = typeof batchObjectSchema | typeof fileObjectSchema;

/** An answer's JSON by its schema; throws `unexpected-answer` with the paths that differ. */
export async function readBody(response: Response, schema: typeof batchObjectSchema): Promise<BatchObject>;
export async function readBody(response: Response, schema: typeof fileObjectSchema): Promise<FileObject>;
export async function readBody(response: Response, schema: Schema): Promise<BatchObject | FileObject> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SpillwayError({
    code: 'unexpected-answer',
    detail: `is this a Spillway platform of the same version? Its answer differs at ${where.join('; ')}`,
    status: response.status,
  });
}
