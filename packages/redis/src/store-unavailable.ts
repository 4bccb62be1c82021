/**
 * Whether an error means that Redis cannot take the write now: down, out of memory, read-only, failing over, its
 * disk full, still loading. The caller answers 503; anything else is a bug and is thrown on.
 */
export function isStoreUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    PATTERNS.some((pattern) => pattern.test(error.message)) || error.name === 'MaxRetriesPerRequestError'
  );
}

const PATTERNS = [
  /OOM command not allowed/,
  /READONLY/,
  /MISCONF/,
  /LOADING/,
  /MASTERDOWN|CLUSTERDOWN|TRYAGAIN/,
  /BUSY Redis is busy/,
  /UNKILLABLE/,
  /Stream isn't writeable/,
  /Connection is closed/,
  /Command timed out/,
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND/,
];
