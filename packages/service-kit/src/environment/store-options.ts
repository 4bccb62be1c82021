import type { CellsConfig } from '@spillway/contracts';
import type { Logger } from '../logging/logger.ts';
import { limitReports } from '../time/every.ts';
import type { ServiceEnvironment } from './service-environment.ts';

/** Where a cell's store is, and where the store's troubles are told. */
export interface StoreOptions {
  readonly url: string;
  readonly cell: string;
  readonly replicas: number;
  readonly onError: (error: Error) => void;
  readonly onNotDurable: (advice: readonly string[]) => void;
}

/**
 * The part of `openCell`'s options that is the same for every service: a cell's Redis is where the configuration says,
 * or REDIS_URL. Lost connections are told every ten seconds.
 */
export function storeOptions(
  { environment, logger }: { readonly environment: ServiceEnvironment; readonly logger: Logger },
  { redis_urls: urls }: CellsConfig,
  cell: string,
): StoreOptions {
  const report = limitReports(({ error, suppressed }) =>
    logger.warn({ event: 'redis.failed', error, suppressed }),
  );
  return {
    url: urls[cell] ?? environment.REDIS_URL,
    cell,
    replicas: environment.REDIS_REPLICAS,
    onError: report,
    onNotDurable: (advice) => logger.warn({ event: 'store.not_durable', advice }),
  };
}
