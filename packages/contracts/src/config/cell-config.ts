import type { BackendId } from '@spillway/core';
import type { BackendConfig } from './backend.ts';
import { cellNames, type CellsConfig } from './cells.ts';
import type { Config } from './config.ts';

/**
 * The backends a cell's processes drive: those that name it, and those that name none: a cloud account may serve every
 * cell, each with its `max_concurrency`.
 */
export const backendsOfCell = ({ backends }: Pick<Config, 'backends'>, cell: string): Config['backends'] =>
  Object.fromEntries(Object.entries(backends).filter(([, backend]) => isOfCell(backend, cell)));

const isOfCell = (backend: BackendConfig, cell: string): boolean =>
  backend.cell === undefined || backend.cell === cell;

/**
 * The configuration as one cell has it: without the backends of others, and without what only those serve. With one
 * cell it is the configuration itself.
 */
export function configOfCell(config: Config, cell: string): Config {
  if (cellNames(config.cells).length === 1) return config;
  const backends = backendsOfCell(config, cell);
  const served = new Set(Object.values(backends).flatMap((backend) => Object.keys(backend.models)));
  const models: Config['models'] = {};
  for (const [group, definition] of Object.entries(config.models)) {
    if (!('any_of' in definition)) {
      models[group] = definition;
      continue;
    }
    const left = definition.any_of.filter((model) => served.has(model));
    if (left.length > 0) models[group] = { any_of: left };
  }
  return { ...config, backends, models };
}

/** The cell of a process; throws, with the names there are, when the configuration has none of that name. */
export function requireCell(cells: CellsConfig, name: string): string {
  const names = cellNames(cells);
  if (names.includes(name)) return name;
  throw new Error(`the configuration has no cell "${name}"; its cells are: ${names.join(', ')}`);
}

/** Throws when another cell's workers drive this backend; one that is not configured is not its to judge. */
export function requireOwnBackend({ backends }: Pick<Config, 'backends'>, id: BackendId, cell: string): void {
  const owner = backends[id]?.cell ?? cell;
  if (owner === cell) return;
  throw new Error(`backend "${id}" belongs to cell "${owner}"; this process works for cell "${cell}"`);
}
