import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type SpillwayClient } from '@spillway/client';
import {
  type RunningEngineSim,
  type RunningProviderSim,
  startEngineSim,
  startProviderSim,
} from '@spillway/engine-sim';
import {
  findPort,
  type PlatformOptions,
  type RunningPlatform,
  startPlatform,
} from '@spillway/local-platform';

export interface TestPlatformOptions {
  readonly tenants?: readonly string[];
  /** Virtual seconds of engine and cloud per second. */
  readonly speed: number | 'instant';
  /** Slots of the local backend, and what its engine would run at once. */
  readonly slots: number;
  readonly cloudSlots?: number;
  readonly depth?: { readonly enter: number; readonly leave: number };
  readonly replicas?: PlatformOptions['replicas'];
  /** `batches` of the configuration. */
  readonly batches?: Readonly<Record<string, number>>;
}

/** The whole platform as separate processes, beside a simulated engine and cloud whose inside a test can see. */
export interface TestPlatform extends AsyncDisposable {
  readonly platform: RunningPlatform;
  readonly engine: RunningEngineSim;
  readonly cloud: RunningProviderSim;
  /** One client a tenant, in the order asked for. */
  readonly clients: readonly SpillwayClient[];
  /** Their keys. */
  readonly apiKeys: readonly string[];
}

const LOCAL_MODEL = 'llama';
const CLOUD_MODEL = 'gpt-mini';

export async function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const { tenants = ['default'], speed, slots, cloudSlots = 8, depth = { enter: 40, leave: 10 } } = options;
  await using stack = new AsyncDisposableStack();
  const dataDir = stack.adopt(await mkdtemp(join(tmpdir(), 'spillway-test-')), (dir) =>
    rm(dir, { recursive: true, force: true }),
  );
  // The engine would run twice as many: a worker that gives it more than its slots is seen.
  const engine = stack.adopt(
    await startEngineSim({ speed, maxNumSeqs: 2 * slots, kvCapacityTokens: 1_000_000 }),
    (sim) => sim.close(),
  );
  const cloud = stack.adopt(await startProviderSim({ speed: speed === 'instant' ? 1e6 : speed }), (sim) =>
    sim.close(),
  );
  const keys = tenants.map(() => `sk-test-${randomBytes(16).toString('hex')}`);
  const configPath = join(dataDir, 'spillway.yaml');
  const config = {
    backends: {
      'gpu-0': {
        kind: 'vllm',
        url: engine.url,
        models: { [LOCAL_MODEL]: 'llama-3.1-8b-sim' },
        max_concurrency: slots,
      },
      'cloud-0': {
        kind: 'openai',
        url: cloud.openaiBaseUrl,
        api_key: '${env:SIMULATED_KEY}',
        models: { [CLOUD_MODEL]: 'gpt-5-mini' },
        max_concurrency: cloudSlots,
        prices: { [CLOUD_MODEL]: { input_usd_per_million: 0.25, output_usd_per_million: 2 } },
      },
    },
    models: { auto: { strategy: 'auto' } },
    routing: { overflow: { mode: 'depth', depth } },
    tenants: Object.fromEntries(
      tenants.map((tenant, index) => [
        tenant,
        {
          api_key_sha256: [
            createHash('sha256')
              .update(keys[index] ?? '')
              .digest('hex'),
          ],
        },
      ]),
    ),
    ...(options.batches !== undefined && { batches: options.batches }),
    webhooks: { allow_networks: ['127.0.0.0/8'], allow_ports: 'any' },
  };
  await writeFile(configPath, JSON.stringify(config));
  const platform = stack.adopt(
    await startPlatform({
      dataDir,
      configPath,
      env: { ...process.env, LOG_LEVEL: 'info', SIMULATED_KEY: 'sk-simulated' },
      apiPort: await findPort(),
      engineSim: 'never',
      ...(options.replicas !== undefined && { replicas: options.replicas }),
    }),
    (running) => running.stop(),
  );
  const open = stack.move();
  return {
    platform,
    engine,
    cloud,
    apiKeys: keys,
    clients: keys.map((apiKey) => createClient({ url: platform.apiUrl, apiKey })),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
