import type { BackoffOptions } from '@spillway/service-kit';
import type { Found } from '../engines/detect-backends.ts';
import type { Programs } from './programs.ts';

export interface EngineSimSettings {
  /** Without it a free one. */
  readonly port?: number;
  readonly model?: string;
  /** Virtual per real time. */
  readonly speed?: number | 'instant';
  /** Further flags of the simulator, as its --help has them. */
  readonly flags?: readonly string[];
}

/** How many of a service run beside each other in each cell; one, where nothing is said. The second is `<name>-2`. */
export type Replicas = Partial<
  Readonly<Record<'scheduler' | 'batch-worker' | 'webhook-dispatcher' | 'cloud-worker', number>>
>;

export interface ProviderSimSettings {
  /** The configuration names it, so it is the caller's to choose. */
  readonly port: number;
  /** Further flags of the simulator, as its --help has them. */
  readonly flags?: readonly string[];
}

export interface Timing {
  /** How long the services together may take to drain. */
  readonly drainMs: number;
  /** How much earlier the API is told to end than the others, at most. */
  readonly headStartMs: number;
  /** How long the simulated engine, and then Redis, may take to end. */
  readonly lastMs: number;
  /** How long a service may take until it is ready. */
  readonly readyMs: number;
  readonly restart: BackoffOptions;
}

/** Everything together stays under 15 seconds. */
export const DEFAULT_TIMING: Timing = {
  drainMs: 12_000,
  headStartMs: 2_000,
  lastMs: 1_250,
  readyMs: 30_000,
  restart: { firstMs: 1_000, capMs: 10_000, healthyMs: 30_000 },
};

export interface PlatformOptions {
  /** The checkout; without it the one this file stands in. */
  readonly repoRoot?: string;
  /** Redis data, logs, credentials and the generated configuration; persists between runs. */
  readonly dataDir: string;
  /** A `spillway.yaml`; without it one is generated from what is found on this machine. */
  readonly configPath?: string;
  /** What the services inherit: PATH, API keys, `SPILLWAY__…` overrides. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without it 8787, or the next free port. */
  readonly apiPort?: number;
  /** A Redis that runs already; without it REDIS_URL, or one is started. */
  readonly redisUrl?: string;
  /**
   * auto: when the configuration is generated and no engine is found. never. Or settings: always, and a generated
   * configuration then has the simulated engine as its only local one.
   */
  readonly engineSim?: 'auto' | 'never' | EngineSimSettings;
  /** Simulated clouds as a process of their own, for a configuration whose cloud backends point at its port. */
  readonly providerSim?: ProviderSimSettings;
  readonly replicas?: Replicas;
  /** never: whoever starts the platform runs the workers of local backends itself. */
  readonly gpuWorkers?: 'auto' | 'never';
  /** Hears the platform's own events as lines for people; they stand in `logs/platform.log` anyway. */
  readonly log?: (line: string) => void;
  /** Ends a start that is still under way. */
  readonly signal?: AbortSignal;
  readonly timing?: Partial<Timing>;
  /** Entry files other than those of the checkout. */
  readonly programs?: Programs;
  /** Instead of looking for engines and keys. */
  readonly found?: Found;
}
