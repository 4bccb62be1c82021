import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlatformOptions } from '../platform/options.ts';
import type { Programs } from '../platform/programs.ts';

/** Entry files that all lead to the same fake service, which tells them apart by the name it was started under. */
function fakePrograms(folder: string): Programs {
  const fake = fileURLToPath(new URL('fake-service-main.ts', import.meta.url));
  const link = (name: string): string => {
    const path = join(folder, `${name}.ts`);
    symlinkSync(fake, path);
    return path;
  };
  return {
    ingestApi: link('ingest-api'),
    scheduler: link('scheduler'),
    gpuWorker: link('gpu-worker'),
    cloudWorker: link('cloud-worker'),
    batchWorker: link('batch-worker'),
    webhookDispatcher: link('webhook-dispatcher'),
    engineSim: fileURLToPath(new URL('fake-engine-main.ts', import.meta.url)),
    providerSim: fileURLToPath(new URL('fake-engine-main.ts', import.meta.url)),
  };
}

/** Makes room for another platform in the same folder. */
export function removePrograms(folder: string): void {
  for (const name of NAMES) rmSync(join(folder, `${name}.ts`));
}

const NAMES = ['ingest-api', 'batch-worker', 'scheduler', 'gpu-worker', 'cloud-worker', 'webhook-dispatcher'];

/** A platform of fakes in a folder of its own, with a real Redis, quick restarts and short limits. */
export const fakeOptions = (
  folder: string,
  path: string | undefined,
  env: Readonly<Record<string, string>> = {},
): PlatformOptions => ({
  dataDir: join(folder, 'data'),
  env: { PATH: path, FAKE_DIR: folder, ...env },
  apiPort: 0,
  programs: fakePrograms(folder),
  found: { engines: [], clouds: [] },
  timing: {
    drainMs: 2_000,
    headStartMs: 500,
    lastMs: 1_250,
    readyMs: 10_000,
    restart: { firstMs: 20, capMs: 100, healthyMs: 30_000 },
  },
});

/** What the fakes noted, oldest first: `<name> <what>`. */
export function fakeEvents(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'events'), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** Whether a process with this id exists. */
export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
