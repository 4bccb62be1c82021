import type { Logger } from '../logging/logger.ts';

/** The part of `process` that reports what nobody caught. */
export interface FailingProcess {
  on(name: 'uncaughtException' | 'unhandledRejection', listener: (error: unknown) => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the process with exit code 1 at the first error nobody caught, after one fatal line: the state after a bug is
 * unknown, and leases make a restart safe. The log is written synchronously, so nothing here waits.
 */
export function failFast(failing: FailingProcess, logger: Logger): void {
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    failing.on(kind, (error) => {
      try {
        logger.fatal({ event: 'process.failed', kind, err: error });
      } finally {
        failing.exit(1);
      }
    });
  }
}
