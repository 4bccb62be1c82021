import { readFileSync } from 'node:fs';
import type { Config } from '@spillway/contracts';
import { err, ok, type Result } from '@spillway/core';
import { parseConfig } from '@spillway/service-kit';
import { firstMistakes } from './first-mistakes.ts';

/** Nobody is called in a simulation: this stands for every secret that is not there, and for an address, too. */
const NOT_NEEDED = 'http://simulation.invalid';
const VARIABLE = /\$\{env:([^{}]+)\}/g;

/**
 * A `spillway.yaml` as the platform would read it, but without its secrets: they may be missing on this machine, and
 * secret files are not opened. Fails with its first mistakes at once.
 */
export function simulatedConfig(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Result<Config, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return err(`${path} cannot be read: name a spillway.yaml with --backends`);
  }
  const named = Array.from(text.matchAll(VARIABLE), ([, name = '']) => [name, NOT_NEEDED] as const);
  const parsed = parseConfig(text, { ...Object.fromEntries(named), ...present(env) }, () => NOT_NEEDED, path);
  if (!parsed.ok) return err(`${path} is not usable\n${firstMistakes(parsed.error)}`);
  return ok(parsed.value.config);
}

/** A variable that is set to nothing is as good as none. */
const present = (env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
