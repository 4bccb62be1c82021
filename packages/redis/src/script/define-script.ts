import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';

type Script = (...args: readonly (string | number)[]) => Promise<unknown>;

const INCLUDE = /^--@include (\S+)$/gm;

/**
 * Loads a Lua script that stands beside its wrapper. `--@include name.lua` lines are replaced by the file of that
 * name in `script/lib`: Redis has no `require`. The script gets the cell's prefix as its only key.
 */
export function defineScript(redis: Redis, keys: Keys, file: URL): Script {
  const name = basename(fileURLToPath(file), '.lua').replaceAll('-', '_');
  const command = `sw_${name}`;
  redis.defineCommand(command, { numberOfKeys: 1, lua: readScript(file) });
  const run = (redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[
    command
  ];
  if (run === undefined) throw new Error(`the script ${command} was not defined`);
  return (...args) => run.call(redis, keys.prefix, ...args);
}

/** The text that is sent to Redis, with its includes. */
function readScript(file: URL): string {
  const included = new Set<string>();
  const expand = (text: string): string =>
    text.replaceAll(INCLUDE, (_line, name: string) => {
      if (included.has(name)) return '';
      included.add(name);
      return expand(readFileSync(new URL(`./lib/${name}`, import.meta.url), 'utf8'));
    });
  return expand(readFileSync(file, 'utf8'));
}
