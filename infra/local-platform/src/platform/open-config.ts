import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, isLocalBackend } from '@spillway/contracts';
import { type ConfigStore, openConfigStore } from '@spillway/service-kit';
import { defaultConfig, type SimulatedEngine } from '../engines/default-config.ts';
import type { Found } from '../engines/detect-backends.ts';
import type { ApiKey } from './api-key.ts';
import type { PlatformContext } from './context.ts';
import type { EngineInUse } from './running-platform.ts';

/** Opens a configuration and follows it until the platform stops. */
export const followConfig = async (context: PlatformContext, path: string): Promise<ConfigStore> =>
  context.keep(await openConfigStore({ path, env: context.options.env, logger: context.logger }));

/** Writes the configuration for what was found; leaves an equal file untouched. */
export function writeGeneratedConfig(
  dataDir: string,
  found: Found,
  key: ApiKey,
  simulated: SimulatedEngine | undefined,
): string {
  const path = join(dataDir, 'spillway.generated.yaml');
  const text = defaultConfig({ ...found, apiKeySha256: key.sha256, ...(simulated && { simulated }) });
  if (readOr(path, '') !== text) writeFileSync(path, text);
  return path;
}

/** Which engine the platform works with, for people. */
export function engineInUse(
  found: Found | undefined,
  simulated: SimulatedEngine | undefined,
  config: Config,
): EngineInUse {
  if (simulated)
    return { kind: 'simulated', url: simulated.url, detail: `SIMULATED, model ${simulated.model}` };
  const [engine] = found?.engines ?? [];
  if (engine)
    return { kind: 'found', url: engine.url, detail: `${engine.kind}, ${engine.models.join(', ')}` };
  const local = Object.values(config.backends).find(isLocalBackend);
  return local
    ? { kind: 'configured', url: local.url, detail: `${local.kind}, ${Object.keys(local.models).join(', ')}` }
    : { kind: 'none', url: undefined, detail: 'no local backend' };
}

/** Whether any tenant has a key, and whether the development key is one of them. */
export function keysOf(config: Config, key: ApiKey): 'none' | 'ours' | 'others' {
  const hashes = Object.values(config.tenants).flatMap((tenant) => tenant.api_key_sha256);
  if (hashes.length === 0) return 'none';
  return hashes.includes(key.sha256) ? 'ours' : 'others';
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
