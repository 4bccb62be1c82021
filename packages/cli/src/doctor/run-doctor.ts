import { fileURLToPath } from 'node:url';
import { detectBackends } from '@spillway/local-platform';
import type { Credentials } from '../credentials.ts';
import { checkConfig } from './check-config.ts';
import { checkDisk } from './check-disk.ts';
import { checkEngines } from './check-engines.ts';
import { checkGpu } from './check-gpu.ts';
import { checkKeys } from './check-keys.ts';
import { checkNode } from './check-node.ts';
import { checkPlatform } from './check-platform.ts';
import { checkRedis } from './check-redis.ts';
import type { Finding } from './finding.ts';

export interface DoctorReport {
  /** Fallbacks count: the platform runs with them. */
  readonly can_run: boolean;
  readonly findings: readonly Finding[];
}

export interface DoctorDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Throws a UsageError when there are none. */
  readonly credentials: () => Credentials;
}

const REPO_ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Looks at everything the platform needs or can use; changes nothing and takes a few seconds at most. */
export async function runDoctor({ env, cwd, signal, credentials }: DoctorDeps): Promise<DoctorReport> {
  const [redis, disk, platform, backends, gpu] = await Promise.all([
    checkRedis({ env, repoRoot: REPO_ROOT, signal }),
    checkDisk(cwd),
    checkPlatform(credentials, signal),
    detectBackends(env),
    checkGpu(env['PATH'] ?? '', signal),
  ]);
  const node = checkNode(process.versions.node);
  const config = checkConfig({ env, cwd });
  const engines = checkEngines(backends.engines);
  const findings = [node, redis, config, disk, platform, engines, checkKeys(backends.clouds), gpu];
  return { can_run: findings.every(({ status }) => status !== 'missing'), findings };
}
