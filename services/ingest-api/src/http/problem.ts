import { type ProblemBody, type ProblemCode, PROBLEMS } from '@spillway/contracts';
import { isStoreUnavailable } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer that is not the one hoped for. `detail` is public text and says what to do. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: ProblemBody['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      readonly errors?: readonly { readonly path: string; readonly message: string }[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.errors = more.errors === undefined ? undefined : [...more.errors];
    this.headers = more.headers ?? {};
  }
}

const STORE_RETRY_AFTER_SECONDS = 2;

/** Turns whatever a route threw into problem+json; a bug becomes a 500 whose text goes to the log alone. */
export function renderProblem(error: unknown, context: Context, logger: Logger): Response {
  const problem = toProblem(error);
  if (problem.code === 'internal-error') {
    logger.error({ event: 'request.failed', method: context.req.method, path: context.req.path, error });
  }
  const { status, title } = PROBLEMS[problem.code];
  const body: ProblemBody = {
    type: `urn:spillway:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors !== undefined && { errors: problem.errors }),
  };
  return context.body(JSON.stringify(body), status as ContentfulStatusCode, {
    ...problem.headers,
    'content-type': 'application/problem+json',
  });
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isStoreUnavailable(error)) {
    return new Problem('store-unavailable', 'nothing was written; try again', {
      headers: { 'retry-after': String(STORE_RETRY_AFTER_SECONDS) },
    });
  }
  if (error instanceof HTTPException) return fromFramework(error);
  return new Problem('internal-error', 'the log has the details under the time of this answer');
}

/** hono answers bad JSON with 400 and a wrong content type with 415 before any route of ours runs. */
function fromFramework({ status, message }: HTTPException): Problem {
  if (status === 415) return new Problem('unsupported-media-type', 'send application/json');
  if (status === 413) return new Problem('request-too-large', 'send less at once');
  if (status === 400) return new Problem('malformed-json', message);
  return new Problem('internal-error', 'the log has the details under the time of this answer');
}
