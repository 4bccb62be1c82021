import { every, type Logger } from '@spillway/service-kit';
import type { EngineMonitor } from './engine-monitor.ts';
import type { EngineState } from './engine-state.ts';

const LOOK_EVERY_MS = 1000;

/** Looks at the engine once a second, and tells what is known then; answers with what ends that. */
export function watchEngine(
  monitor: EngineMonitor,
  logger: Logger,
  onLook: (state: EngineState) => void,
): () => Promise<void> {
  const looking = new AbortController();
  const looks = every(
    LOOK_EVERY_MS,
    looking.signal,
    async (signal) => {
      await monitor.look(signal);
      onLook(monitor.state());
    },
    ({ error }) => logger.warn({ event: 'engine.look_failed', error }),
  );
  return async () => {
    looking.abort();
    await looks;
  };
}
