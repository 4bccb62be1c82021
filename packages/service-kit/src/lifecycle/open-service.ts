import type { z } from 'zod';
import { type ConfigStore, openConfigStore } from '../config/config-store.ts';
import { parseEnvironment } from '../environment/parse-environment.ts';
import type { ServiceEnvironment } from '../environment/service-environment.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { boundShutdown, type EndingProcess } from './bound-shutdown.ts';
import { endWithParent, type LeashedProcess } from './end-with-parent.ts';
import { failFast, type FailingProcess } from './fail-fast.ts';
import { listenForShutdown, type SignalSource } from './listen-for-shutdown.ts';

/** The part of `process` a service lives in. */
export type HostProcess = EndingProcess &
  LeashedProcess &
  FailingProcess &
  SignalSource & { readonly env: Readonly<Record<string, string | undefined>> };

/** What every service is made of before it does anything of its own. */
export interface Service<Environment> {
  readonly environment: Environment;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly config: ConfigStore;
  /** Aborts when the process is told to end; it is ended 13 seconds later at the latest. */
  readonly shutdown: AbortSignal;
  untilShutdown(): Promise<void>;
}

/**
 * The beginning of every `main.ts`: environment, log, the ways a process ends, and the configuration, which is closed
 * with `stack`. Rejects with every mistake of the environment or the configuration at once.
 */
export async function openService<Environment extends ServiceEnvironment>(
  name: string,
  schema: z.ZodType<Environment>,
  host: HostProcess,
  stack: AsyncDisposableStack,
): Promise<Service<Environment>> {
  const environment = parseEnvironment(schema, host.env);
  const logger = createLogger(name, { level: environment.LOG_LEVEL });
  failFast(host, logger);
  endWithParent(host, logger, environment.SPILLWAY_LEASH);
  const shutdown = listenForShutdown(host, logger);
  boundShutdown(shutdown, host, logger);
  const config = stack.adopt(
    await openConfigStore({ path: environment.SPILLWAY_CONFIG, env: host.env, logger }),
    (store) => store.close(),
  );
  return {
    environment,
    logger,
    metrics: createMetrics(name),
    config,
    shutdown,
    untilShutdown: async () => {
      if (shutdown.aborted) return;
      await new Promise((resolve) => shutdown.addEventListener('abort', resolve, { once: true }));
    },
  };
}
