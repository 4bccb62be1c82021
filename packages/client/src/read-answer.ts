import type { z } from 'zod';
import { parseJson, unexpected } from './read-problem.ts';

/** Reads an answer's JSON by its schema; throws `unexpected-answer` with the paths that differ. */
export function readAnswer<Schema extends z.ZodType>(
  answer: { readonly text: string; readonly status: number },
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(answer.text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw unexpected(`its answer differs from the contract at ${where.join('; ')}`, answer.status);
}
