import type { Logger } from '../logging/logger.ts';
import { limitReports } from '../time/every.ts';
import type { ServiceEnvironment } from './service-environment.ts';

/** What a service's environment says about its store, and where the store's troubles are told. */
interface StoreOptions {
  readonly url: string;
  readonly cell: string;
  readonly replicas: number;
  readonly onError: (error: Error) => void;
  readonly onNotDurable: (advice: readonly string[]) => void;
}

/** The part of `openCell`'s options that is the same for every service. Lost connections are told every ten seconds. */
export function storeOptions(environment: ServiceEnvironment, logger: Logger): StoreOptions {
  const report = limitReports(({ error, suppressed }) =>
    logger.warn({ event: 'redis.failed', error, suppressed }),
  );
  return {
    url: environment.REDIS_URL,
    cell: environment.SPILLWAY_CELL,
    replicas: environment.REDIS_REPLICAS,
    onError: report,
    onNotDurable: (advice) => logger.warn({ event: 'store.not_durable', advice }),
  };
}
