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
  return undefined;
}

/** System errors (ECONNREFUSED, ENOTFOUND, EAI_AGAIN), undici's, OpenSSL's and X.509's (CERT_HAS_EXPIRED). */
const isNetworkCode = (code: string): boolean =>
  /^(?:E[A-Z0-9_]+|UND_ERR_[A-Z0-9_]+|CERT_[A-Z_]+|SELF_SIGNED_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|UNABLE_TO_[A-Z_]+|HPE_[A-Z_]+)$/.test(
    code,
  );

function codeIn(error: unknown): string | undefined {
  let link = error;
  for (let depth = 0; depth < 6 && typeof link === 'object' && link !== null; depth++) {
    if ('code' in link && typeof link.code === 'string') return link.code;
    link =
      link instanceof AggregateError
        ? (link.errors as readonly unknown[])[0]
        : (link as { cause?: unknown }).cause;
  }
  return undefined;
}
