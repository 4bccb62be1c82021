import type { Logger } from '../logging/logger.ts';

/** The part of `process` that ends it. */
export interface EndingProcess {
  exit(code: number): void;
}

/** A second less than the supervisor and the usual grace of a container give. */
const SHUTDOWN_LIMIT_MS = 13_000;

/**
 * Ends the process 13 seconds after its shutdown began, whatever it still waits for: with Redis away, goodbyes would
 * wait for ever. Leases make that safe. It does not keep a process running that is done.
 */
export function boundShutdown(shutdown: AbortSignal, ending: EndingProcess, logger: Logger): void {
  shutdown.addEventListener(
    'abort',
    () => {
      setTimeout(() => {
        logger.warn({ event: 'shutdown.overdue', limitMs: SHUTDOWN_LIMIT_MS });
        ending.exit(1);
      }, SHUTDOWN_LIMIT_MS).unref();
    },
    { once: true },
  );
}
