import { createHash } from 'node:crypto';
import { type Config, configSchema } from '@spillway/contracts';
import { err, ok, type Result } from '@spillway/core';
import { listMistakes, type Mistake } from './mistakes.ts';
import { applyOverrides } from './overrides.ts';
import { readYaml } from './read-yaml.ts';
import { findPlainKeys, resolveSecrets, type Secret, type SecretSources } from './secrets.ts';

/** The configuration in force. */
export interface LoadedConfig {
  readonly config: Config;
  /** `sha256:…` of the effective configuration with each secret replaced by its reference. */
  readonly version: `sha256:${string}`;
  /** The file it came from. */
  readonly source: string;
}

/**
 * Reads `spillway.yaml`: defaults < file < `SPILLWAY__…` overrides, secrets resolved, checked whole. Fails with
 * every mistake at once, as text for people in which no secret stands.
 */
export function parseConfig(
  text: string,
  env: SecretSources['env'],
  readFile: SecretSources['readFile'],
  source = 'spillway.yaml',
): Result<LoadedConfig, string> {
  const file = readYaml(text);
  if (file.mistakes.length > 0) return err(listMistakes(file.mistakes));

  const layered = applyOverrides(file.value, env);
  const resolved = resolveSecrets(layered.value, { env, readFile });
  const parsed = configSchema.safeParse(resolved.value);
  const ofSecrets = [...findPlainKeys(file.value), ...resolved.mistakes];
  const mistakes: readonly Mistake[] = [
    ...ofSecrets,
    ...layered.mistakes,
    ...(parsed.success ? [] : withoutKnown(parsed.error.issues, ofSecrets)),
  ];
  if (!parsed.success || mistakes.length > 0)
    return err(withoutSecrets(listMistakes(mistakes), resolved.secrets));
  return ok({ config: deepFreeze(parsed.data), version: versionOf(parsed.data, resolved.secrets), source });
}

/** A reference that could not be resolved is one mistake, not also a malformed URL; so is a key in plain text. */
function withoutKnown(issues: readonly Mistake[], known: readonly Mistake[]): readonly Mistake[] {
  const at = new Set(known.map(({ path }) => path.join('\n')));
  return issues.filter(({ path }) => !at.has(path.map(String).join('\n')));
}

/** The schema's messages may quote what they refuse, and that may have come from a secret. */
const withoutSecrets = (text: string, secrets: readonly Secret[]): string =>
  secrets
    .filter(({ value }) => value.length >= 4)
    .reduce((clean, { value, reference }) => clean.replaceAll(value, () => reference), text);

function versionOf(config: Config, secrets: readonly Secret[]): LoadedConfig['version'] {
  const references = new Map(secrets.map(({ path, reference }) => [path.join('\n'), reference]));
  const named = (node: unknown, path: readonly string[]): unknown => {
    const reference = references.get(path.join('\n'));
    if (reference !== undefined) return reference;
    if (Array.isArray(node)) return node.map((item: unknown, index) => named(item, [...path, String(index)]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, named(value, [...path, key])]),
    );
  };
  // key order stays as written: the order of backends and models carries meaning
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(named(config, [])))
    .digest('hex')}`;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
