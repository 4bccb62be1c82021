import type { BackendConfig } from './backend.ts';
import type { Config } from './config.ts';

/**
 * What a client may ask for → the models that may serve it, best first: the configured groups, then every model a
 * backend serves under its own name.
 */
export function modelGroups(
  config: Pick<Config, 'backends' | 'models'>,
): ReadonlyMap<string, readonly string[]> {
  const served = [
    ...new Set(Object.values(config.backends).flatMap((backend) => Object.keys(backend.models))),
  ];
  const groups = new Map<string, readonly string[]>(served.map((model) => [model, [model]]));
  for (const [group, definition] of Object.entries(config.models)) {
    groups.set(group, 'any_of' in definition ? definition.any_of : served);
  }
  return groups;
}

/** The backends that serve any of these models. */
export const backendsServing = (
  models: readonly string[],
  { backends }: Pick<Config, 'backends'>,
): readonly BackendConfig[] =>
  Object.values(backends).filter((backend) => models.some((name) => Object.hasOwn(backend.models, name)));
