import { type CloudBackendConfig, type Config, isLocalBackend } from '@spillway/contracts';
import type { BackendId, WorkerId } from '@spillway/core';
import { every, type Logger, wait } from '@spillway/service-kit';
import { type AttemptMetrics, WorkerLoop, type WorkerStore } from '@spillway/worker-loop';
import { type CloudBackend, openCloudBackend } from './cloud-backend.ts';
import type { LatencyMetrics } from './latency-metrics.ts';

export interface CloudLoopsDeps {
  readonly newWorkerId: () => WorkerId;
  readonly store: WorkerStore;
  readonly logger: Logger;
  readonly metrics: AttemptMetrics;
  readonly latency: LatencyMetrics;
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
const FIRST_CHECK_MS = 500;

export function createCloudLoops(deps: CloudLoopsDeps): CloudLoops {
  const entries = new Map<BackendId, Entry>();
  let last: Promise<void> = Promise.resolve();
  let draining = false;

  const replace = async (id: BackendId, wanted: CloudBackendConfig | undefined): Promise<void> => {
    const entry = entries.get(id);
    if (JSON.stringify(wanted) === JSON.stringify(entry?.config)) return;
    entries.delete(id);
    // Before its successor starts: together they would run more than the account's slots.
    await entry?.drain();
    if (wanted !== undefined && !draining) entries.set(id, await start(id, wanted, deps));
  };
  const apply = async (config: Config): Promise<void> => {
    if (draining) return;
    const wanted = cloudBackends(config);
    const ids = new Set([...entries.keys(), ...wanted.keys()]);
    // All of them have ended when this ends, also when one fails: the next configuration comes after this one.
    const replaced = await Promise.allSettled([...ids].map((id) => replace(id, wanted.get(id))));
    const failed = replaced.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  };
  return {
    follow: (config) => {
      // A configuration that could not be applied must not keep the next one from being.
      last = last.catch(() => undefined).then(() => apply(config));
      return last;
    },
    leasing: () => [...entries.values()].every(({ loop }) => loop.leasing),
    drain: async () => {
      draining = true;
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
  const before = await deps.store.readDescriptor(id);
  const backend: CloudBackend = openCloudBackend(config, () => performance.now(), {
    before,
    onErrorRatio: (ratio) => deps.latency.observeError(id, ratio),
  });
  const loop = new WorkerLoop({
    workerId: deps.newWorkerId(),
    backendId: id,
    location: 'cloud',
    describe: () => ({ descriptor: backend.describe(), slots: config.max_concurrency }),
    run: async (claim, signal) => {
      const outcome = await backend.run(claim, signal);
      deps.latency.write(id, backend.latency());
      return outcome;
    },
    onJudged: (judgement) => backend.judge(judgement),
    store: deps.store,
    logger: deps.logger.child({ backend: id }),
    metrics: deps.metrics,
    random: Math.random,
    drainMs: deps.drainMs,
  });
  const checking = new AbortController();
  const checked = new AbortController();
  const checks = every(
    CHECK_EVERY_MS,
    checking.signal,
    async (signal) => {
      await backend.check(signal);
      checked.abort();
    },
    ({ error }) => deps.logger.warn({ event: 'provider.check_failed', backend: id, error }),
  );
  // A provider that answers at once is up with the first heartbeat; one that does not keeps nobody waiting.
  await wait(FIRST_CHECK_MS, checked.signal);
  try {
    await loop.start();
  } catch (error) {
    checking.abort();
    throw error;
  }
  return {
    config,
    loop,
    drain: async () => {
      await loop.drain();
      checking.abort();
      await checks;
      deps.latency.remove(id);
    },
  };
}
