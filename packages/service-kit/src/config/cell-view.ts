import { configOfCell } from '@spillway/contracts';
import type { ConfigStore } from './config-store.ts';
import type { LoadedConfig } from './parse-config.ts';

/**
 * The running configuration as one cell has it; closing it closes the store. As long as the configuration is the same
 * object its view is, too: others keep by it what they worked out.
 */
export function viewOfCell(store: ConfigStore, cell: string): ConfigStore {
  const views = new WeakMap<LoadedConfig, LoadedConfig>();
  const view = (loaded: LoadedConfig): LoadedConfig => {
    const known = views.get(loaded) ?? { ...loaded, config: configOfCell(loaded.config, cell) };
    views.set(loaded, known);
    return known;
  };
  return {
    current: () => view(store.current()),
    onChange: (listener) => store.onChange((now, before) => listener(view(now), view(before))),
    close: () => store.close(),
  };
}
