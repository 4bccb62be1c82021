import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type SpillwayClient } from '@spillway/client';
import { findPort, startPlatform } from '@spillway/local-platform';
import { ENGINE_FLAGS, MODEL, realConfig } from './deployment.ts';

interface RealOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The platform as it runs anywhere, each part a process of its own, before a simulated engine and a simulated cloud. */
export async function startReal(
  { dataDir, env, signal }: RealOptions,
  stack: AsyncDisposableStack,
): Promise<SpillwayClient> {
  const apiKey = `sk-bench-${randomBytes(16).toString('hex')}`;
  const engine = await findPort();
  const provider = await findPort(engine + 1);
  const configPath = join(dataDir, 'spillway.yaml');
  await writeFile(configPath, JSON.stringify(realConfig({ engine, provider }, apiKey)));
  const platform = stack.adopt(
    await startPlatform({
      dataDir,
      configPath,
      env: { ...env, LOG_LEVEL: 'warn', SIMULATED_KEY: 'sk-simulated' },
      apiPort: await findPort(provider + 1),
      engineSim: { port: engine, model: MODEL, speed: 1, flags: ENGINE_FLAGS },
      providerSim: { port: provider },
      signal,
    }),
    (running) => running.stop(),
  );
  return createClient({ url: platform.apiUrl, apiKey });
}
