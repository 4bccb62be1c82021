import {
  createCloudBackend,
  createCloudGuard,
  createPriceList,
  type GuardedBackend,
} from '@spillway/backends';
import type { CloudBackendConfig } from '@spillway/contracts';
import {
  type AttemptOutcome,
  type BackendCheck,
  cloudErrorRatio,
  type CloudLatency,
  cloudLatencyOf,
  type FailureReason,
  learnCloudLatency,
  learnReliability,
  openCloudLatency,
  TRUSTED,
} from '@spillway/core';
import type { BackendDescriptor, Claim } from '@spillway/redis';
import type { Judgement } from '@spillway/worker-loop';
import { describeCloud } from './describe-cloud.ts';
import { createRateLimits } from './rate-limits-left.ts';

/** A provider answered so lately that asking for its health would only spend requests. */
const HEALTH_IS_FRESH_MS = 30_000;
const CHECK_TIMEOUT_MS = 10_000;

interface Down {
  readonly sinceMs: number;
  readonly because: string;
}

/** One cloud account: attempts through the guard, what is learned from them, and what the heartbeat says of it. */
export interface CloudBackend {
  describe(): BackendDescriptor;
  run(claim: Claim, signal: AbortSignal): Promise<AttemptOutcome>;
  judge(judgement: Judgement): void;
  /** How fast it answers, as far as that is known. */
  latency(): CloudLatency;
  /** Asks the provider whether it answers, unless an attempt has lately shown it. */
  check(signal: AbortSignal): Promise<void>;
}

export interface CloudBackendOptions {
  /** What was last said of the account: how fast it answers is learned from there. */
  readonly before?: BackendDescriptor | undefined;
  /** Told of each answer that teaches but the first: what it took as a multiple of what was expected before it. */
  readonly onErrorRatio?: (ratio: number) => void;
}

/** @param nowMs a clock that is only good for lengths, and is never set: health must not hang on the time of day */
export function openCloudBackend(
  config: CloudBackendConfig,
  nowMs: () => number,
  { before, onErrorRatio }: CloudBackendOptions = {},
): CloudBackend {
  const prices = createPriceList(config);
  const limits = createRateLimits(nowMs);
  const guarded: GuardedBackend = createCloudGuard(
    createCloudBackend(config, {
      prices,
      nowMs: Date.now,
      onRateLimits: (model, left) => limits.observe(model, left),
    }),
  );
  const known = before?.kind === config.kind ? before : undefined;
  let latency = openCloudLatency(known?.latency);
  let reliability = known?.reliability ?? TRUSTED;
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
      const rateLimit = limits.left();
      return describeCloud(config, prices, {
        simulated,
        latency: cloudLatencyOf(latency),
        reliability,
        ...(down !== undefined && {
          down: { forMs: Math.max(0, nowMs() - down.sinceMs), because: down.because },
        }),
        ...(rateLimit !== undefined && { rateLimit }),
      });
    },
    run: async (claim, signal) => {
      const model = config.models[claim.model];
      if (model === undefined) {
        const detail = `this backend no longer serves ${claim.model}`;
        return { kind: 'failed', reason: { kind: 'model-not-found', detail } };
      }
      const request = { endpoint: claim.features.endpoint, model, body: claim.request };
      const beganAtMs = nowMs();
      const outcome = await guarded.run(request, { signal, pinned: claim.pinned });
      noteOutcome(outcome);
      // an embedding has no answer to time
      if (outcome.kind === 'completed' && outcome.usage.outputTokens > 0) {
        const { outputTokens } = outcome.usage;
        const sample = { outputTokens, durationMs: nowMs() - beganAtMs };
        const errorRatio = cloudErrorRatio(latency, sample);
        latency = learnCloudLatency(latency, sample);
        if (errorRatio !== undefined) onErrorRatio?.(errorRatio);
      }
      return outcome;
    },
    latency: () => cloudLatencyOf(latency),
    judge: (judgement) => {
      reliability = learnReliability(reliability, judgement);
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
