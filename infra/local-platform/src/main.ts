import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aborted } from 'node:util';
import {
  createLogger,
  failFast,
  listenForShutdown,
  parseEnvironment,
  portSchema,
} from '@spillway/service-kit';
import { z } from 'zod';
import { banner } from './banner.ts';
import { startPlatform } from './platform/start-platform.ts';

const repoRoot = fileURLToPath(new URL('../../..', import.meta.url));

const environmentSchema = z
  .object({
    PORT: portSchema.optional(),
    SPILLWAY_CONFIG: z.string().optional(),
    SPILLWAY_DATA: z.string().default(resolve(repoRoot, '.spillway')),
    SPILLWAY_LAUNCHER_PID: z.coerce.number().optional(),
  })
  .transform(({ PORT, SPILLWAY_CONFIG, SPILLWAY_DATA, SPILLWAY_LAUNCHER_PID }) => {
    const own = SPILLWAY_CONFIG ?? ['spillway.yaml'].find((path) => existsSync(path));
    return {
      dataDir: SPILLWAY_DATA,
      launcherPid: SPILLWAY_LAUNCHER_PID,
      ...(PORT !== undefined && { apiPort: PORT }),
      ...(own !== undefined && { configPath: resolve(own) }),
    };
  });

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
// a terminal that was closed must not keep the platform from draining
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const quiet = createLogger('local-platform', { level: 'warn', pretty: true });
failFast(process, quiet);
const shutdown = listenForShutdown(process, quiet);
process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));

try {
  const { launcherPid, ...environment } = parseEnvironment(environmentSchema, process.env);
  endWithLauncher(launcherPid);
  print('Spillway is starting …');
  const platform = await startPlatform({ ...environment, repoRoot, env: process.env, signal: shutdown });
  print(banner(platform, process.cwd()));
  await aborted(shutdown, platform);
  print('\n  draining …');
  await platform.stop();
  print('  stopped');
} catch (error) {
  if (!shutdown.aborted) {
    process.stderr.write(
      `\nSpillway did not start: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

/** A launcher that was killed could pass on no signal; its child then has another parent. */
function endWithLauncher(launcherPid: number | undefined): void {
  if (launcherPid !== process.ppid) return;
  const look = setInterval(() => {
    if (process.ppid !== launcherPid) process.kill(process.pid, 'SIGTERM');
  }, 1_000);
  look.unref();
}
