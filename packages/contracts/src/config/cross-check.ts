import type { z } from 'zod';
import { type BackendConfig, isLocalBackend } from './backend.ts';
import { cellNameSchema, cellNames, type CellsConfig } from './cells.ts';
import type { RoutingConfig } from './routing.ts';

/** The parts of the configuration that name each other. */
interface Related {
  readonly backends: Readonly<Record<string, BackendConfig>>;
  readonly models: Readonly<
    Record<string, { readonly strategy: 'auto' } | { readonly any_of: readonly string[] }>
  >;
  readonly routing: RoutingConfig;
  readonly cells: CellsConfig;
}

/** Mistakes that no part of the configuration shows alone: names that lead nowhere. */
export const crossCheck = (config: Related): readonly z.core.$ZodRawIssue[] => [
  ...checkModels(config),
  ...checkCells(config),
];

function checkModels({ backends, models, routing }: Related): readonly z.core.$ZodRawIssue[] {
  const served = new Set(Object.values(backends).flatMap((backend) => Object.keys(backend.models)));
  const unserved = (model: string, path: readonly PropertyKey[]): readonly z.core.$ZodRawIssue[] => {
    // An empty name has been refused as such.
    if (model === '' || served.has(model)) return [];
    const known = [...served].toSorted().join(', ') || 'none';
    return [custom(model, path, `no backend serves "${model}"; served are: ${known}`)];
  };
  return [
    ...Object.entries(models).flatMap(([group, definition]) =>
      'any_of' in definition
        ? definition.any_of.flatMap((model, index) => unserved(model, ['models', group, 'any_of', index]))
        : [],
    ),
    ...Object.keys(routing.quality).flatMap((model) => unserved(model, ['routing', 'quality', model])),
  ];
}

function checkCells({ backends, cells }: Related): readonly z.core.$ZodRawIssue[] {
  const names = cellNames(cells);
  const unknown = (name: string, path: readonly PropertyKey[]): readonly z.core.$ZodRawIssue[] =>
    // What is no name at all has been refused as such.
    names.includes(name) || !cellNameSchema.safeParse(name).success
      ? []
      : [custom(name, path, `there is no cell "${name}"; the cells are: ${names.join(', ')}`)];
  return [
    ...Object.entries(cells.pins).flatMap(([tenant, name]) => unknown(name, ['cells', 'pins', tenant])),
    ...Object.keys(cells.redis_urls).flatMap((name) => unknown(name, ['cells', 'redis_urls', name])),
    ...Object.entries(backends).flatMap(([id, backend]) => {
      if (backend.cell !== undefined) return unknown(backend.cell, ['backends', id, 'cell']);
      if (names.length === 1 || !isLocalBackend(backend)) return [];
      const which = `say which cell drives it: ${names.join(', ')}`;
      return [custom(undefined, ['backends', id, 'cell'], which)];
    }),
  ];
}

const custom = (input: unknown, path: readonly PropertyKey[], message: string): z.core.$ZodRawIssue => ({
  code: 'custom',
  input,
  path: [...path],
  message,
});
