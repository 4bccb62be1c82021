import type { Logger } from '../logging/logger.ts';

/** The part of `process` a leash needs. */
export interface LeashedProcess {
  readonly pid: number;
  readonly stdin: {
    on(name: 'end' | 'close' | 'error', listener: () => void): unknown;
    resume(): unknown;
    unref?(): unknown;
  };
  kill(pid: number, signal: 'SIGTERM'): unknown;
  exit(code: number): void;
}

const DRAIN_LIMIT_MS = 12_000;

/**
 * With the leash `stdin`, ends this process when its standard input closes, which the kernel does even when the
 * parent is killed: first as if SIGTERM had come, and 12 seconds later without asking. With `none` it does nothing.
 */
export function endWithParent(leashed: LeashedProcess, logger: Logger, leash: 'stdin' | 'none'): void {
  if (leash === 'none') return;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    logger.warn({ event: 'parent.gone' });
    leashed.kill(leashed.pid, 'SIGTERM');
    setTimeout(() => leashed.exit(1), DRAIN_LIMIT_MS).unref();
  };
  for (const name of ['end', 'close', 'error'] as const) leashed.stdin.on(name, end);
  leashed.stdin.resume();
  // the pipe alone must not keep a process running that has nothing left to do
  leashed.stdin.unref?.();
}
