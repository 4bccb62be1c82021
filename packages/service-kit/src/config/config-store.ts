import { readFileSync } from 'node:fs';
import { type Result, err } from '@spillway/core';
import type { Logger } from '../logging/logger.ts';
import { type LoadedConfig, parseConfig } from './parse-config.ts';
import { watchFile } from './watch-file.ts';

/** The running configuration, swapped whole when the file changes to another valid one. */
export interface ConfigStore {
  current(): LoadedConfig;
  /** Called after each swap; the answer ends the subscription. */
  onChange(listener: ConfigListener): () => void;
  close(): Promise<void>;
}

export type ConfigListener = (now: LoadedConfig, before: LoadedConfig) => void;

export interface ConfigStoreOptions {
  /** Path of spillway.yaml. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/**
 * Loads the configuration and follows its file. A file that is invalid at the start is thrown with every mistake; a
 * change to an invalid one, or to other cells, is refused and logged with every mistake, and the running configuration
 * stays.
 */
export async function openConfigStore({ path, env, logger }: ConfigStoreOptions): Promise<ConfigStore> {
  const first = load(path, env);
  if (!first.ok) throw new Error(`the configuration ${path} is not usable\n${first.error}`);
  let current = first.value;
  let refused: string | undefined;
  const listeners = new Set<ConfigListener>();

  const reload = (): void => {
    const next = withSameCells(load(path, env), current);
    if (!next.ok) {
      if (next.error !== refused)
        logger.error({ event: 'config.refused', path, mistakes: next.error.split('\n') });
      refused = next.error;
      return;
    }
    refused = undefined;
    // the version leaves secrets out on purpose, so a rotated secret shows only in the values
    if (JSON.stringify(next.value.config) === JSON.stringify(current.config)) return;
    const before = current;
    current = next.value;
    logger.info({ event: 'config.reloaded', path, version: current.version });
    for (const listener of listeners) notify(listener, before);
  };

  const notify = (listener: ConfigListener, before: LoadedConfig): void => {
    try {
      listener(current, before);
    } catch (error) {
      logger.error({ event: 'config.listener_failed', err: error });
    }
  };

  const watch = await watchFile(path, reload, (error) => {
    logger.error({ event: 'config.watch_failed', path, err: error });
  });
  // what changed between the first read and the watch would otherwise stay unseen
  reload();
  return {
    current: () => current,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      return watch.close();
    },
  };
}

/** Who stands in which cell is decided at the start: half a platform that goes by other cells would lose jobs. */
const withSameCells = (
  next: Result<LoadedConfig, string>,
  { config }: LoadedConfig,
): Result<LoadedConfig, string> =>
  next.ok && JSON.stringify(next.value.config.cells) !== JSON.stringify(config.cells)
    ? err('✖ cells do not change while the platform runs: restart it\n  → at cells')
    : next;

const readText = (path: string): string => readFileSync(path, 'utf8');

function load(path: string, env: ConfigStoreOptions['env']): Result<LoadedConfig, string> {
  let text: string;
  try {
    text = readText(path);
  } catch {
    return err('✖ the file cannot be read');
  }
  // an editor that truncates before it writes must not take every backend away
  if (text.trim() === '')
    return err('✖ the file is empty; a configuration of defaults alone is written as {}');
  return parseConfig(text, env, readText, path);
}
