import { z } from 'zod';

/**
 * Reads a process's whole environment at once and freezes it; throws one error that lists every mistake.
 * A variable that is set to nothing counts as not set.
 */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  env: Readonly<Record<string, string | undefined>>,
): T {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Error(`the environment is not usable\n${z.prettifyError(parsed.error)}`);
  return Object.freeze(parsed.data);
}
