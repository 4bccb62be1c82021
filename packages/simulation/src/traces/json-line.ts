import { err, ok, type Result } from '@spillway/core';
import { z } from 'zod';
import { MOST_TOKENS } from './line-parser.ts';

export const tokensSchema = z.int().min(0).max(MOST_TOKENS);
/** The longest prompt in blocks of 16 tokens. */
export const prefixSchema = z.array(z.int().min(0)).max(MOST_TOKENS / 16);

/** One line of JSON as its schema has it; the mistake names the field, never its content. */
export function parseJsonLine<Schema extends z.ZodType>(
  schema: Schema,
  line: string,
): Result<z.output<Schema>, string> {
  const raw = jsonOf(line);
  if (raw === undefined) return err('not a line of JSON');
  const parsed = schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return err(`${path === '' ? 'the line' : path}: ${issue?.message ?? 'not as the format has it'}`);
}

/** Undefined where the text is no JSON. */
export function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
