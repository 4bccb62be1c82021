/** The store cannot take a write now, for a reason of this process; what was to be written was not sent. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Whether an error means that Redis cannot take the write now: down, out of memory, read-only, failing over, its
 * disk full, busy with a script, still loading, or without the replicas it must have. The caller answers 503; anything
 * else is a bug and is thrown on.
 */
export function isStoreUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof StoreUnavailable || error.name === 'MaxRetriesPerRequestError') return true;
  if (REFUSED.test(error.message) || UNREACHABLE.test(error.message)) return true;
  if ('code' in error && typeof error.code === 'string' && UNREACHABLE.test(error.code)) return true;
  // A transaction is refused as a whole; the reasons are with it.
  const reasons: unknown = 'previousErrors' in error ? error.previousErrors : [];
  return Array.isArray(reasons) && reasons.some(isStoreUnavailable);
}

/** The first word of Redis's error; older servers put their own in front of a script's. */
const REFUSED =
  /(?:^|: -)(?:OOM|READONLY|MISCONF|LOADING|BUSY|UNKILLABLE|NOREPLICAS|UNBLOCKED|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /;

/** How the client and the network say it. */
const UNREACHABLE = new RegExp(
  [
    "Stream isn't writeable",
    'Connection is closed',
    'Command timed out',
    'Command aborted due to connection close',
    'the connection went silent',
    'All sentinels are unreachable',
    'E(?:CONN(?:REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND)',
    'EAI_AGAIN',
  ].join('|'),
);
