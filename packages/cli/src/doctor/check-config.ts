import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@spillway/service-kit';
import { found, type Finding } from './finding.ts';

export interface CheckConfig {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Whether spillway.yaml, here or where SPILLWAY_CONFIG says, is one the platform would take. */
export function checkConfig({ env, cwd }: CheckConfig): Finding {
  const given = env['SPILLWAY_CONFIG'];
  const path = given || join(cwd, 'spillway.yaml');
  let text: string;
  try {
    text = read(path);
  } catch {
    if (!given) return found('config', 'no spillway.yaml here: defaults, with the engines and keys found');
    const fix = 'correct SPILLWAY_CONFIG or unset it';
    return { name: 'config', status: 'missing', detail: `${path} cannot be read`, fix };
  }
  const parsed = parseConfig(text, env, read, path);
  if (parsed.ok) return found('config', path);
  return {
    name: 'config',
    status: 'missing',
    detail: `${path} is not usable`,
    fix: `correct it:\n${parsed.error}`,
  };
}

const read = (file: string): string => readFileSync(file, 'utf8');
