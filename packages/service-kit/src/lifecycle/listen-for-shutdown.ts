import type { Logger } from '../logging/logger.ts';

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(name: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/**
 * Aborts at the first SIGTERM or SIGINT. Package managers and terminals send the same signal two or three times, so
 * later ones change nothing and never kill: whoever asked for the shutdown bounds it.
 */
export function listenForShutdown(source: SignalSource, logger: Logger): AbortSignal {
  const shutdown = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    source.on(name, () => {
      if (shutdown.signal.aborted) return;
      logger.info({ event: 'shutdown.requested', signal: name });
      shutdown.abort(name);
    });
  }
  return shutdown.signal;
}
