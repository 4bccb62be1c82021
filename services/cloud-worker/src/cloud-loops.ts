import { type CloudBackendConfig, type Config, isLocalBackend } from '@spillway/contracts';
import type { BackendId, WorkerId } from '@spillway/core';
import { every, type Logger } from '@spillway/service-kit';
import { type AttemptMetrics, WorkerLoop, type WorkerStore } from '@spillway/worker-loop';
import { type CloudBackend, openCloudBackend } from './cloud-backend.ts';

export interface CloudLoopsDeps {
  readonly newWorkerId: () => WorkerId;
  readonly store: WorkerStore;
  readonly logger: Logger;
  readonly metrics: AttemptMetrics;
  readonly drainMs: number;
}

/** A worker loop for each cloud backend of the configuration. */
export interface CloudLoops {
  /** Starts, replaces and drains loops until they are those of `config`. Calls are applied one after the other. */
  follow(config: Config): Promise<void>;
  /** Whether every loop leases. */
  leasing(): boolean;
  drain(): Promise<void>;
}

interface Entry {
  readonly config: CloudBackendConfig;
  readonly loop: WorkerLoop;
  drain(): Promise<void>;
}

const CHECK_EVERY_MS = 5000;

export function createCloudLoops(deps: CloudLoopsDeps): CloudLoops {
  const entries = new Map<BackendId, Entry>();
  let last: Promise<void> = Promise.resolve();

  const apply = async (config: Config): Promise<void> => {
    const wanted = cloudBackends(config);
    await Promise.all(
      [...entries].map(async ([id, entry]) => {
        if (JSON.stringify(wanted.get(id)) === JSON.stringify(entry.config)) return;
        entries.delete(id);
        await entry.drain();
      }),
    );
    for (const [id, backend] of wanted) {
      if (!entries.has(id)) entries.set(id, await start(id, backend, deps));
    }
  };
  return {
    follow: (config) => {
      last = last.then(() => apply(config));
      return last;
    },
    leasing: () => [...entries.values()].every(({ loop }) => loop.leasing),
    drain: async () => {
      await last.catch(() => undefined);
      await Promise.all([...entries.values()].map((entry) => entry.drain()));
      entries.clear();
    },
  };
}

function cloudBackends(config: Config): ReadonlyMap<BackendId, CloudBackendConfig> {
  const found = new Map<BackendId, CloudBackendConfig>();
  for (const [id, backend] of Object.entries(config.backends)) {
    if (!isLocalBackend(backend)) found.set(id as BackendId, backend);
  }
  return found;
}

async function start(id: BackendId, config: CloudBackendConfig, deps: CloudLoopsDeps): Promise<Entry> {
  const backend: CloudBackend = openCloudBackend(config, () => Date.now());
  const loop = new WorkerLoop({
    workerId: deps.newWorkerId(),
    backendId: id,
    location: 'cloud',
    describe: () => ({ descriptor: backend.describe(), slots: config.max_concurrency }),
    run: (claim, signal) => backend.run(claim, signal),
    store: deps.store,
    logger: deps.logger.child({ backend: id }),
    metrics: deps.metrics,
    random: Math.random,
    drainMs: deps.drainMs,
  });
  const checking = new AbortController();
  const checks = every(
    CHECK_EVERY_MS,
    checking.signal,
    (signal) => backend.check(signal),
    ({ error }) => deps.logger.warn({ event: 'provider.check_failed', backend: id, error }),
  );
  await loop.start();
  return {
    config,
    loop,
    drain: async () => {
      await loop.drain();
      checking.abort();
      await checks;
    },
  };
}
