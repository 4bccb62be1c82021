import type { Context } from 'hono';
import type { z } from 'zod';
import { invalidRequest } from './invalid-request.ts';
import { bodyCutShort } from './limit-body.ts';
import { Problem } from './problem.ts';

export interface JsonBody<Value> {
  readonly value: Value;
  /** As it came. */
  readonly text: string;
}

/** Reads a body of JSON that must match the schema; throws the problem that answers anything else. */
export async function readJson<Value>(context: Context, schema: z.ZodType<Value>): Promise<JsonBody<Value>> {
  const contentType = context.req.header('content-type');
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) throw notJson();
  const text = await context.req.text().catch((error: unknown) => {
    throw bodyCutShort(error);
  });
  if (contentType === undefined && text !== '') throw notJson();
  const parsed = schema.safeParse(contentType === undefined ? {} : parseJson(text));
  if (!parsed.success) throw invalidRequest(parsed.error);
  return { value: parsed.data, text };
}

/** With parameters, of which JSON has none of its own: they mean nothing here. */
const JSON_TYPE = /^application\/(?:[a-z.-]+\+)?json(?:;\s*[a-z0-9-]+=[^;]+)*$/i;

const notJson = (): Problem => new Problem('unsupported-media-type', 'send application/json');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('malformed-json', 'the body is not valid JSON');
  }
}
