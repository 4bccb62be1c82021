import { S3ServiceException } from '@aws-sdk/client-s3';
import { BlobStoreUnavailable } from '../blob-store-unavailable.ts';

/** Awaits a call of the client: an abort throws the signal's reason, what S3 refuses `BlobStoreUnavailable`. */
export async function onS3<Value>(signal: AbortSignal, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isBug(error) ? error : new BlobStoreUnavailable(error);
  }
}

/** As `onS3`, with undefined where one of these answers was to be expected. */
export async function unlessAnswered<Value>(
  answers: readonly string[],
  signal: AbortSignal,
  call: Promise<Value>,
): Promise<Value | undefined> {
  const expected = call.catch((error: unknown) => {
    if (error instanceof S3ServiceException && answers.includes(error.name)) return undefined;
    throw error;
  });
  return onS3(signal, expected);
}

/** There is no such object; HEAD has no body to name it by. */
export const MISSING = ['NoSuchKey', 'NotFound'];
/** The object is another by now, or was replaced meanwhile. */
export const CHANGED = ['PreconditionFailed', 'ConditionalRequestConflict'];

/** A request that S3 finds malformed, or that the client could not build, is a mistake of ours. */
function isBug(error: unknown): boolean {
  if (error instanceof S3ServiceException) {
    return error.$metadata.httpStatusCode === 400 && !NOT_OURS.has(error.name);
  }
  return error instanceof TypeError || error instanceof RangeError;
}

/** Answered 400 as well, but for the time, the network or the credentials. */
const NOT_OURS = new Set([
  'ExpiredToken',
  'InvalidToken',
  'RequestTimeout',
  'TokenRefreshRequired',
  'AuthorizationHeaderMalformed',
]);
