import type { FailureReason } from '@spillway/core';

/**
 * What went wrong below HTTP, from the error codes in a cause chain: no connection, a cut one, an answer that is
 * no JSON. Undefined for anything else, which is a bug of ours. Messages are not quoted: they may hold addresses.
 */
export function toTransportFailure(error: unknown): FailureReason | undefined {
  if (error instanceof SyntaxError) return { kind: 'malformed-answer', detail: 'the answer is not JSON' };
  const code = codeIn(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return { kind: 'malformed-answer', detail: 'the answer is larger than 64 MiB' };
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return { kind: 'backend-timeout', detail: `no answer (${code})` };
  if (code !== undefined && isNetworkCode(code))
    return { kind: 'backend-unreachable', detail: `no connection (${code})` };
  return isCutBody(error) ? { kind: 'backend-unreachable', detail: 'the connection broke' } : undefined;
}

/** System errors (ECONNREFUSED, ENOTFOUND, EAI_AGAIN), undici's, OpenSSL's and X.509's (CERT_HAS_EXPIRED). */
const isNetworkCode = (code: string): boolean =>
  /^(?:E[A-Z0-9_]+|UND_ERR_[A-Z0-9_]+|CERT_[A-Z_]+|SELF_SIGNED_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|UNABLE_TO_[A-Z_]+|HPE_[A-Z_]+)$/.test(
    code,
  );

/** Marks that no connection came about: nothing was sent. */
export class NotConnected extends Error {
  readonly code: string | undefined;

  constructor(cause: Error) {
    super('not connected', { cause });
    this.code = codeIn(cause);
  }
}

/**
 * Whether a connection stood and broke before a whole answer had come. undici looks at a kept connection once more
 * before it sends a request on it, and takes a new one if the server hung up; what breaks between that look and the
 * sending is not distinguishable from a server that died of the request, and counts as broken. An answer whose length
 * is told only by the end of the connection reads as whole, and is found out as malformed.
 */
export function isBrokenConnection(error: unknown): boolean {
  const code = codeIn(error);
  if (code === undefined) return isCutBody(error);
  return (SYSTEM_CODE.test(code) || CUT_SHORT.has(code)) && !hasNotConnected(error);
}

/** undici's word for an answer that ended early; in chunks on a connection that was to end with it, it comes without a code. */
const isCutBody = (error: unknown): boolean => error instanceof TypeError && error.message === 'terminated';

/** ECONNRESET, EPIPE and the like; ERR_… and EAI_… are not the connection's. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;
const CUT_SHORT: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

function codeIn(error: unknown): string | undefined {
  for (const link of causes(error)) {
    if ('code' in link && typeof link.code === 'string') return link.code;
  }
  return undefined;
}

const hasNotConnected = (error: unknown): boolean =>
  [...causes(error)].some((link) => link instanceof NotConnected);

/** The error and what caused it, a few links deep. */
function* causes(error: unknown): Generator<object> {
  let link = error;
  for (let depth = 0; depth < 6 && typeof link === 'object' && link !== null; depth++) {
    yield link;
    link =
      link instanceof AggregateError
        ? (link.errors as readonly unknown[])[0]
        : (link as { cause?: unknown }).cause;
  }
}
