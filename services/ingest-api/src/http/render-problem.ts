import { BlobStoreUnavailable } from '@spillway/blobs';
import { PROBLEMS } from '@spillway/contracts';
import { isStoreUnavailable } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { toEnvelope } from './envelope.ts';
import { faceOf } from './face.ts';
import { Problem } from './problem.ts';
import { requestIdHeader, requestIdOf } from './request-id.ts';

/**
 * Turns whatever a route threw into the error of the face that was asked: problem+json, or what OpenAI's and Anthropic's
 * clients read. A bug becomes a 500 whose text goes to the log alone.
 */
export function renderProblem(error: unknown, context: Context, logger: Logger): Response {
  const problem = toProblem(error, context.req.header('content-type'));
  const { method, path } = context.req;
  const requestId = requestIdOf(context);
  if (error instanceof BlobStoreUnavailable) {
    // A full disk does not mend itself: whoever runs this is to know.
    logger.warn({ event: 'blobs.unavailable', method, path, requestId, error });
  }
  if (problem.code === 'internal-error') {
    logger.error({ event: 'request.failed', method, path, requestId, error });
  }
  const { status } = PROBLEMS[problem.code];
  const face = faceOf(path);
  return context.body(JSON.stringify(toEnvelope(face, problem, requestId)), status as ContentfulStatusCode, {
    ...requestIdHeader(context),
    // A conflict of ours stays one; OpenAI's client would try again at every 409 that does not say so.
    ...(status === 409 && { 'x-should-retry': 'false' }),
    ...problem.headers,
    'content-type': face === 'native' ? 'application/problem+json' : 'application/json',
  });
}

const STORE_RETRY_AFTER_SECONDS = 2;
/** A connection lost between command and reply leaves open whether the write was made: only the key makes it safe. */
const STORE_UNAVAILABLE =
  'the store did not answer; try again, a submission with its Idempotency-Key, so that it is made once';

const MEDIA_TYPES = 'send application/json, or multipart/form-data where files go with the request';

function toProblem(error: unknown, contentType: string | undefined): Problem {
  if (error instanceof Problem) return error;
  if (isStoreUnavailable(error) || error instanceof BlobStoreUnavailable) {
    return new Problem('store-unavailable', STORE_UNAVAILABLE, {
      headers: { 'retry-after': String(STORE_RETRY_AFTER_SECONDS) },
    });
  }
  if (error instanceof HTTPException) return fromFramework(error, contentType);
  return new Problem('internal-error', 'the log has the details under the id of this request');
}

/** hono answers a body that does not parse with 400 and a wrong content type with 415 before a route of ours runs. */
function fromFramework({ status }: HTTPException, contentType: string | undefined): Problem {
  if (status === 415) return new Problem('unsupported-media-type', MEDIA_TYPES);
  if (status === 400) {
    return /json/i.test(contentType ?? '')
      ? new Problem('malformed-json', 'the body is not valid JSON')
      : new Problem(
          'invalid-request',
          'the body is not a valid form: RFC 7578 describes multipart/form-data',
        );
  }
  return new Problem('internal-error', 'the log has the details under the id of this request');
}
