import type { Context } from 'hono';
import type { z } from 'zod';
import { invalidRequest } from './invalid-request.ts';

/** Reads the query, which must match the schema; a parameter given more than once is a list. */
export function readQuery<Value>(context: Context, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(context.req.url.includes('?') ? queryOf(context) : {});
  if (!parsed.success) throw invalidRequest(parsed.error);
  return parsed.data;
}

const queryOf = (context: Context): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(context.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]),
  );
