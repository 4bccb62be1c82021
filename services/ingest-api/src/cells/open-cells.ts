import { cellNames } from '@spillway/contracts';
import { type Cell, createSignals, openCell } from '@spillway/redis';
import { type ConfigStore, type Service, storeOptions, viewOfCell } from '@spillway/service-kit';
import type { environmentSchema } from '../environment.ts';
import type { z } from 'zod';
import { createEndedJobs, type EndedJobs } from '../http/ended-jobs.ts';

/** What the API needs of one cell. */
export interface ApiCell {
  readonly name: string;
  readonly store: Cell;
  readonly ended: EndedJobs;
  /** The configuration as this cell has it. */
  readonly config: ConfigStore;
}

/** Opens every cell of the configuration as it is now; they are closed with `stack`. */
export async function openCells(
  { environment, logger, config }: Service<z.infer<typeof environmentSchema>>,
  stack: AsyncDisposableStack,
): Promise<readonly ApiCell[]> {
  const { cells } = config.current().config;
  return Promise.all(
    cellNames(cells).map(async (name): Promise<ApiCell> => {
      const told = logger.child({ cell: name });
      const store = await openCell(
        { ...storeOptions({ environment, logger: told }, cells, name), role: 'request' },
        stack,
      );
      const ended = createEndedJobs();
      await createSignals(store.listener, store.keys).onEnded((id) => ended.notify(id));
      return { name, store, ended, config: viewOfCell(config, name) };
    }),
  );
}

/** Ready while any cell is: one whose Redis is away must not take the API from the tenants of the others. */
export const anyCellReady = (cells: readonly ApiCell[]): Promise<boolean> =>
  Promise.any(
    cells.map(async ({ store }) => {
      if ((await store.redis.ping()) !== 'PONG') throw new Error('no PONG');
      return true;
    }),
  ).catch(() => false);
