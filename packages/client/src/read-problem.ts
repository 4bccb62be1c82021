import { problemSchema } from '@spillway/contracts';
import { isJsonObject } from '@spillway/core';
import { SpillwayError } from './spillway-error.ts';

/** Turns an answer that is not what was asked for into the error to throw; `text` is its body. */
export function readProblem(
  response: Response,
  text: string,
  retryAfterMs: number | undefined,
): SpillwayError {
  const { status } = response;
  const body = parseJson(text);
  const problem = problemSchema.safeParse(body);
  if (problem.success) {
    const { code, detail, errors } = problem.data;
    const retryRefused = response.headers.get('x-should-retry') === 'false';
    return new SpillwayError({
      code,
      detail: withPaths(detail, errors),
      status,
      retryAfterMs,
      errors,
      retryRefused,
    });
  }
  const location = response.headers.get('location');
  if (status >= 300 && status < 400 && location !== null) {
    return unexpected(`it redirects to ${location}; use the URL of the platform itself`, status);
  }
  const said = isJsonObject(body) && typeof body['detail'] === 'string' ? `: ${body['detail']}` : '';
  return unexpected(
    `it answered HTTP ${status} without a problem this client knows${said}`,
    status,
    retryAfterMs,
  );
}

/** An answer that does not speak the contract. */
export const unexpected = (
  what: string,
  status?: number,
  retryAfterMs?: number,
  cause?: unknown,
): SpillwayError =>
  new SpillwayError({
    code: 'unexpected-answer',
    detail: `is this a Spillway platform of the same version? ${what}`,
    status,
    retryAfterMs,
    cause,
  });

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withPaths = (detail: string, errors: SpillwayError['errors'] | undefined): string => {
  const missing = (errors ?? []).filter(({ message }) => !detail.includes(message));
  return [detail, ...missing.map(({ path, message }) => `${path}: ${message}`)].join('; ');
};
