import { cellNames, requireCell, requireOwnBackend } from '@spillway/contracts';
import type { BackendId } from '@spillway/core';
import type { z } from 'zod';
import { viewOfCell } from '../config/cell-view.ts';
import type { ServiceEnvironment } from '../environment/service-environment.ts';
import { storeOptions, type StoreOptions } from '../environment/store-options.ts';
import { type HostProcess, openService, type Service } from './open-service.ts';

/** A background process: it works for one cell and knows of no other. */
export interface CellService<Environment> extends Service<Environment> {
  /** What `openCell` is to have. */
  readonly store: StoreOptions;
  /** Throws when another cell's workers drive this backend. */
  requireOwn(backend: BackendId): void;
}

/**
 * `openService` for the processes of the cell that SPILLWAY_CELL names: their configuration is the cell's. Rejects
 * when there is no such cell.
 */
export async function openCellService<Environment extends ServiceEnvironment>(
  name: string,
  schema: z.ZodType<Environment>,
  host: HostProcess,
  stack: AsyncDisposableStack,
): Promise<CellService<Environment>> {
  const service = await openService(name, schema, host, stack);
  const { cells } = service.config.current().config;
  const cell = requireCell(cells, service.environment.SPILLWAY_CELL);
  const logger = cellNames(cells).length === 1 ? service.logger : service.logger.child({ cell });
  return {
    ...service,
    logger,
    config: viewOfCell(service.config, cell),
    store: storeOptions({ ...service, logger }, cells, cell),
    requireOwn: (backend) => requireOwnBackend(service.config.current().config, backend, cell),
  };
}
