import type { z } from 'zod';
import { readAnswer } from './read-answer.ts';
import type { PollOptions } from './jobs.ts';
import type { Transport } from './transport.ts';

/** One look at a resource: `unchanged` when it is still what the ETag named. */
export type Polled<Value> =
  | {
      readonly kind: 'changed';
      readonly value: Value;
      readonly etag: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'unchanged'; readonly retryAfterMs: number | undefined };

/** Looks at a resource once: not again what the ETag names, and held up to `waitSeconds` until it changes. */
export async function pollOnce<Schema extends z.ZodType>(
  transport: Transport,
  path: string,
  schema: Schema,
  { etag, waitSeconds, signal }: PollOptions = {},
): Promise<Polled<z.infer<Schema>>> {
  const answer = await transport.send({
    method: 'GET',
    path,
    headers: { 'if-none-match': etag },
    repeatable: true,
    waitSeconds,
    signal,
    alsoFine: [304],
  });
  const { retryAfterMs } = answer;
  if (answer.status === 304) return { kind: 'unchanged', retryAfterMs };
  return {
    kind: 'changed',
    value: readAnswer(answer, schema),
    etag: answer.headers.get('etag') ?? undefined,
    retryAfterMs,
  };
}
