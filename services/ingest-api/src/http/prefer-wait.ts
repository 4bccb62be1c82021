const LONGEST_WAIT_SECONDS = 60;

/** Seconds a client is willing to wait for (`Prefer: wait=N`, RFC 7240), at most 60; 0 when it does not say. */
export function preferredWait(header: string | undefined): number {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(header ?? '');
  return match ? Math.min(Number(match[1]), LONGEST_WAIT_SECONDS) : 0;
}
