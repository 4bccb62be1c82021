import {
  createCloudBackend,
  createCloudGuard,
  createPriceList,
  servedEndpoints,
  type GuardedBackend,
} from '@spillway/backends';
import type { CloudBackendConfig } from '@spillway/contracts';
import type { AttemptOutcome, BackendCheck, FailureReason } from '@spillway/core';
import type { BackendDescriptor, Claim } from '@spillway/redis';

/** A provider answered so lately that asking for its health would only spend requests. */
const HEALTH_IS_FRESH_MS = 30_000;
const CHECK_TIMEOUT_MS = 10_000;

interface Down {
  readonly sinceMs: number;
  readonly because: string;
}

/** One cloud account: attempts through the guard, health learned from them, and what the heartbeat says of it. */
export interface CloudBackend {
  describe(): BackendDescriptor;
  run(claim: Claim, signal: AbortSignal): Promise<AttemptOutcome>;
  /** Asks the provider whether it answers, unless an attempt has lately shown it. */
  check(signal: AbortSignal): Promise<void>;
}

/** @param nowMs a clock that is only good for lengths, and is never set: health must not hang on the time of day */
export function openCloudBackend(config: CloudBackendConfig, nowMs: () => number): CloudBackend {
  const prices = createPriceList(config);
  const guarded: GuardedBackend = createCloudGuard(createCloudBackend(config, { prices, nowMs: Date.now }));
  let down: Down | undefined = { sinceMs: nowMs(), because: 'the provider has not answered yet' };
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let simulated = false;

  const noteCheck = (check: BackendCheck): void => {
    if (check.kind === 'healthy') {
      simulated = check.simulated;
      answeredAtMs = nowMs();
      down = undefined;
    } else {
      down = { sinceMs: down?.sinceMs ?? nowMs(), because: check.detail };
    }
  };
  const noteOutcome = (outcome: AttemptOutcome): void => {
    if (outcome.kind === 'completed') {
      answeredAtMs = nowMs();
      down = undefined;
    } else if (outcome.kind === 'failed' && IS_DOWN.has(outcome.reason.kind)) {
      down = { sinceMs: down?.sinceMs ?? nowMs(), because: outcome.reason.detail };
      answeredAtMs = Number.NEGATIVE_INFINITY;
    }
  };

  return {
    describe: () => {
      const forMs = down === undefined ? 0 : Math.max(0, nowMs() - down.sinceMs);
      return describe(config, prices, simulated, down && { forMs, because: down.because });
    },
    run: async (claim, signal) => {
      const model = config.models[claim.model];
      if (model === undefined) {
        const detail = `this backend no longer serves ${claim.model}`;
        return { kind: 'failed', reason: { kind: 'model-not-found', detail } };
      }
      const request = { endpoint: claim.features.endpoint, model, body: claim.request };
      const outcome = await guarded.run(request, { signal, pinned: claim.pinned });
      noteOutcome(outcome);
      return outcome;
    },
    check: async (signal) => {
      if (nowMs() - answeredAtMs < HEALTH_IS_FRESH_MS) return;
      noteCheck(
        await guarded.check({ signal: AbortSignal.any([signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]) }),
      );
    },
  };
}

/** Failures that say the account cannot be used now; a 429 or 503 only cools it down. */
const IS_DOWN: ReadonlySet<FailureReason['kind']> = new Set([
  'backend-unreachable',
  'backend-refused-credentials',
]);

function describe(
  config: CloudBackendConfig,
  prices: ReturnType<typeof createPriceList>,
  simulated: boolean,
  down: BackendDescriptor['down'],
): BackendDescriptor {
  const models = Object.keys(config.models);
  // Several models may differ in price: the dearest one is the estimate that never surprises.
  const known = models.map((model) => prices.perMillion(model));
  const all = known.filter((price) => price !== undefined);
  const price =
    all.length === known.length && all.length > 0
      ? {
          inputUsdPerMillion: Math.max(...all.map(({ inputUsd }) => inputUsd)),
          outputUsdPerMillion: Math.max(...all.map(({ outputUsd }) => outputUsd)),
        }
      : undefined;
  return {
    kind: config.kind,
    location: 'cloud',
    models,
    endpoints: [...servedEndpoints(config.kind)],
    simulated,
    draining: false,
    ...(down !== undefined && { down }),
    ...(config.context_tokens !== undefined && { contextTokens: config.context_tokens }),
    ...(price !== undefined && { price }),
  };
}
