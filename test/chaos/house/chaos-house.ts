import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type SpillwayClient } from '@spillway/client';
import { findPort, type RunningPlatform, startPlatform } from '@spillway/local-platform';
import { newWebhookSecret } from '@spillway/webhook-signing';
import type { ProcessName, Simulator } from '../faults/fault.ts';
import { type BatchClient, createBatchClient } from '../load/batch-client.ts';
import { CLOUD_BACKEND, LOCAL_BACKEND, SLOTS } from './names.ts';

/** The whole platform and both simulators as processes that can be killed, stopped and misled one by one. */
export interface ChaosHouse {
  readonly platform: RunningPlatform;
  /** What the webhooks of jobs without a secret of their own are signed with. */
  readonly webhookSecret: string;
  readonly urlOf: Readonly<Record<Simulator, string>>;
  readonly journalOf: Readonly<Record<Simulator, string>>;
  /** The client of a tenant; it repeats nothing by itself, so that the history holds every answer. */
  readonly clients: readonly SpillwayClient[];
  /** The same tenants' clients for batches. */
  readonly batchClients: readonly BatchClient[];
  /** For the jobs and batches that measure recovery. */
  readonly probe: SpillwayClient;
  readonly batchProbe: BatchClient;
  /** Where files and batches stand. */
  readonly blobFolder: string;
  pidOf(process: ProcessName): number;
  /** Shifts the wall clock of one process. */
  stepClock(pid: number, byMs: number): void;
  stop(): Promise<void>;
}

export interface ChaosHouseOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tenants: number;
  readonly signal: AbortSignal;
}

const CLOUD_SLOTS = 16;
const LOCAL_MODEL = 'llama';
const CLOUD_MODEL = 'gpt-mini';
/** An answer is given up after this; a stopped API must not hold a client for longer. */
const CLIENT_TIMEOUT_MS = 5_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Files take longer than records. */
const BATCH_TIMEOUT_MS = 10_000;
/** Small, so that a batch takes many turns. */
const WINDOW_LINES = 48;

export async function startChaosHouse(options: ChaosHouseOptions): Promise<ChaosHouse> {
  const { dataDir, tenants, signal } = options;
  const clocks = join(dataDir, 'clocks');
  mkdirSync(clocks, { recursive: true });
  const ports = { 'engine-sim': await findPort(), 'provider-sim': await findPort() };
  const urlOf = {
    'engine-sim': `http://127.0.0.1:${ports['engine-sim']}`,
    'provider-sim': `http://127.0.0.1:${ports['provider-sim']}`,
  };
  const journalOf = {
    'engine-sim': join(dataDir, 'engine.journal'),
    'provider-sim': join(dataDir, 'cloud.journal'),
  };
  const keys = Array.from({ length: tenants + 1 }, () => `sk-chaos-${randomBytes(16).toString('hex')}`);
  const configPath = join(dataDir, 'spillway.yaml');
  writeFileSync(configPath, JSON.stringify(configOf(urlOf, keys)));
  const webhookSecret = newWebhookSecret();
  const { REDIS_URL: _redis, NODE_OPTIONS: _options, ...env } = options.env;
  const platform = await startPlatform({
    dataDir,
    configPath,
    env: {
      ...env,
      LOG_LEVEL: 'info',
      SIMULATED_KEY: 'sk-simulated',
      WEBHOOK_SECRET: webhookSecret,
      CHAOS_CLOCKS: clocks,
      NODE_OPTIONS: `--import=${new URL('../clock/preload-main.ts', import.meta.url).href}`,
    },
    apiPort: await findPort(),
    // It would run more than the backend's slots: a worker that gives it more is seen.
    engineSim: {
      port: ports['engine-sim'],
      flags: ['--max-num-seqs', '64', '--kv-tokens', '1000000', '--journal', journalOf['engine-sim']],
    },
    providerSim: { port: ports['provider-sim'], flags: ['--journal', journalOf['provider-sim']] },
    replicas: { scheduler: 2, 'cloud-worker': 2, 'batch-worker': 2, 'webhook-dispatcher': 2 },
    timing: { restart: { firstMs: 1_000, capMs: 1_000, healthyMs: 30_000 } },
    signal,
  });
  const clientOf = (apiKey: string, timeoutMs: number): SpillwayClient =>
    createClient({ url: platform.apiUrl, apiKey, timeoutMs, retry: { maxRetries: 0 } });
  const batchClientOf = (apiKey: string, timeoutMs: number): BatchClient =>
    createBatchClient(platform.apiUrl, apiKey, timeoutMs);
  const tenantKeys = keys.slice(0, tenants);
  const probeKey = keys[tenants] ?? '';
  return {
    platform,
    webhookSecret,
    urlOf,
    journalOf,
    clients: tenantKeys.map((key) => clientOf(key, CLIENT_TIMEOUT_MS)),
    batchClients: tenantKeys.map((key) => batchClientOf(key, BATCH_TIMEOUT_MS)),
    probe: clientOf(probeKey, PROBE_TIMEOUT_MS),
    batchProbe: batchClientOf(probeKey, PROBE_TIMEOUT_MS),
    blobFolder: join(dataDir, 'blobs'),
    pidOf: (process) => platform.children().find(({ name }) => name === process)?.pid ?? 0,
    stepClock: (pid, byMs) => writeFileSync(join(clocks, String(pid)), String(byMs)),
    stop: () => platform.stop(),
  };
}

const configOf = (urlOf: ChaosHouse['urlOf'], keys: readonly string[]): object => ({
  backends: {
    [LOCAL_BACKEND]: {
      kind: 'vllm',
      url: urlOf['engine-sim'],
      models: { [LOCAL_MODEL]: 'llama-3.1-8b-sim' },
      max_concurrency: SLOTS,
    },
    [CLOUD_BACKEND]: {
      kind: 'openai',
      url: `${urlOf['provider-sim']}/openai/v1`,
      api_key: '${env:SIMULATED_KEY}',
      models: { [CLOUD_MODEL]: 'gpt-5-mini' },
      max_concurrency: CLOUD_SLOTS,
      prices: { [CLOUD_MODEL]: { input_usd_per_million: 0.25, output_usd_per_million: 2 } },
    },
  },
  models: { auto: { strategy: 'auto' } },
  routing: { overflow: { mode: 'depth', depth: { enter: 20, leave: 5 } } },
  tenants: Object.fromEntries(
    keys.map((key, index) => [
      index === keys.length - 1 ? 'probe' : `tenant-${index}`,
      { api_key_sha256: [createHash('sha256').update(key).digest('hex')] },
    ]),
  ),
  batches: { window_lines: WINDOW_LINES },
  webhooks: { allow_networks: ['127.0.0.0/8'], allow_ports: 'any' },
});
