import { SpillwayError } from '@spillway/client';
import { openaiErrorSchema, PROBLEMS, type ProblemCode } from '@spillway/contracts';

/** What an answer of the OpenAI face that is not 2xx says, as the error to throw; `text` is its body. */
export function readFailure({ status, headers }: Response, text: string): SpillwayError {
  const found = openaiErrorSchema.safeParse(parse(text));
  const code = found.success ? problemCode(found.data.error.code) : undefined;
  if (!found.success || code === undefined) {
    const detail = `is this a Spillway platform of the same version? It answered HTTP ${status}`;
    return new SpillwayError({ code: 'unexpected-answer', detail, status });
  }
  const { message, param } = found.data.error;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return new SpillwayError({
    code,
    detail: message,
    status,
    retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
    errors: param === null ? undefined : [{ path: param, message }],
  });
}

/** A failed call as the error to throw; an answer that was read is one already. */
export function unreachable(url: string, error: unknown): SpillwayError {
  if (error instanceof SpillwayError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return new SpillwayError({
    code: isLate ? 'timed-out' : 'unreachable',
    detail: `cannot reach Spillway at ${url} (${why}): is it running, and is this the right URL?`,
    cause: error,
  });
}

/** The envelope has our codes in snake case. */
function problemCode(raw: string | null): ProblemCode | undefined {
  const code = raw?.replaceAll('_', '-');
  return code !== undefined && Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
