import { err, ok, type Result } from '@spillway/core';
import type { z } from 'zod';
import type { SimContext } from './sim-context.ts';

export const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

export type BodyProblem =
  | { readonly kind: 'too-large' }
  | { readonly kind: 'invalid'; readonly detail: string; readonly param: string | null };

/** Reads and checks a JSON body of at most 16 MB; the problem names fields, never their values. */
export async function readJson<Body>(
  context: SimContext,
  schema: z.ZodType<Body>,
): Promise<Result<Body, BodyProblem>> {
  const text = await readText(context);
  if (!text.ok) return text;
  const raw = parseJson(text.value);
  if (!raw.ok) return raw;
  const parsed = schema.safeParse(raw.value);
  if (parsed.success) return ok(parsed.data);
  const [first] = parsed.error.issues;
  const path = first?.path.map(String).join('.') ?? '';
  const detail = `${path === '' ? 'body' : path}: ${first?.message ?? 'invalid'}`;
  return err({ kind: 'invalid', detail, param: path === '' ? null : path });
}

async function readText(context: SimContext): Promise<Result<string, BodyProblem>> {
  const tooLarge = err({ kind: 'too-large' } as const);
  if (Number(context.req.header('content-length') ?? 0) > LARGEST_BODY_BYTES) return tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // leaving the loop early must not cut the connection: the refusal still has to get through
    for await (const chunk of context.env.incoming.iterator({ destroyOnReturn: false })) {
      const buffer = chunk as Buffer;
      bytes += buffer.length;
      if (bytes > LARGEST_BODY_BYTES) return tooLarge;
      chunks.push(buffer);
    }
  } catch {
    return err({ kind: 'invalid', detail: 'body: the connection closed before its end', param: null });
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}

function parseJson(text: string): Result<unknown, BodyProblem> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err({ kind: 'invalid', detail: 'body: not valid JSON', param: null });
  }
}
