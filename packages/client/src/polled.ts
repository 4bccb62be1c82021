import type { z } from 'zod';
import { readAnswer } from './read-answer.ts';
import type { Answer } from './transport.ts';

/** One look at a resource: `unchanged` when it is still what the ETag named. */
export type Polled<Value> =
  | {
      readonly kind: 'changed';
      readonly value: Value;
      readonly etag: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'unchanged'; readonly retryAfterMs: number | undefined };

/** Reads an answer to a conditional GET. */
export function readPolled<Schema extends z.ZodType>(
  answer: Answer,
  schema: Schema,
): Polled<z.infer<Schema>> {
  const { retryAfterMs } = answer;
  if (answer.status === 304) return { kind: 'unchanged', retryAfterMs };
  return {
    kind: 'changed',
    value: readAnswer(answer, schema),
    etag: answer.headers.get('etag') ?? undefined,
    retryAfterMs,
  };
}
