/** The medium cannot serve now (disk full, bucket unreachable); the cause says why. The caller answers 503. */
export class BlobStoreUnavailable extends Error {
  override readonly name = 'BlobStoreUnavailable';

  constructor(cause: unknown) {
    super(`the blob store cannot be used now: ${reasonOf(cause)}`, { cause });
  }
}

/** A code or a name, never the whole message: that would carry paths and addresses. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
