import {
  type BackendView,
  type CloudLatency,
  type CloudLatencyEstimate,
  cloudLatencyOf,
  type EpochMs,
  learnCloudLatency,
  openCloudLatency,
} from '@spillway/core';
import { RateWindow } from '../cloud/rate-window.ts';
import { type CloudSpec, KNOWN } from '../deployment.ts';
import { logNormal } from '../random.ts';
import { Backend, type Began } from './backend.ts';
import type { SimJob } from './sim-job.ts';

/** A failed call is tried again after this long. */
const RETRY_MS = 1000;

/** An account with a provider: its answers take a while, cost money and may be limited in number. */
export class CloudBackend extends Backend {
  readonly location = 'cloud';
  readonly #spec: CloudSpec;
  readonly #random: () => number;
  readonly #rate: RateWindow | undefined;
  #estimate: CloudLatencyEstimate | undefined;
  #latency: CloudLatency;

  constructor(spec: CloudSpec, profiles: 'known' | 'learned', random: () => number) {
    super(spec);
    this.#spec = spec;
    this.#random = random;
    this.#rate = spec.rateLimit === undefined ? undefined : new RateWindow(spec.rateLimit);
    if (profiles === 'learned') this.#estimate = openCloudLatency();
    this.#latency =
      this.#estimate === undefined ? { ...spec.latency, samples: KNOWN } : cloudLatencyOf(this.#estimate);
  }

  view(nowMs: EpochMs): BackendView {
    const { price } = this.#spec;
    return {
      ...this.common(),
      location: 'cloud',
      price,
      latency: this.#latency,
      ...(this.#rate === undefined ? {} : { rateLimit: this.#rate.left(nowMs) }),
    };
  }

  begin({ trace }: SimJob, nowMs: EpochMs): Began {
    const { latency, failureShare = 0 } = this.#spec;
    const fullAtMs = this.#rate?.take(nowMs, trace.inputTokens + trace.outputTokens);
    if (fullAtMs !== undefined) {
      this.coolingUntilMs = Math.max(this.coolingUntilMs, fullAtMs);
      return { kind: 'fails', atMs: nowMs, availableAtMs: nowMs };
    }
    const firstTokenAtMs = nowMs + logNormal(this.#random, latency.firstTokenMs);
    if (this.#random() < failureShare)
      return { kind: 'fails', atMs: firstTokenAtMs, availableAtMs: firstTokenAtMs + RETRY_MS };
    return {
      kind: 'answers',
      firstTokenAtMs,
      finishedAtMs: firstTokenAtMs + trace.outputTokens * latency.perTokenMs,
    };
  }

  /** Learns from an answer how fast the provider is. */
  learn(outputTokens: number, durationMs: number, firstTokenMs: number): void {
    if (this.#estimate === undefined) return;
    this.#estimate = learnCloudLatency(this.#estimate, { outputTokens, durationMs, firstTokenMs });
    this.#latency = cloudLatencyOf(this.#estimate);
  }

  /** What an answer costs, in USD. */
  costUsd(inputTokens: number, outputTokens: number): number {
    const { inputUsdPerMillion, outputUsdPerMillion } = this.#spec.price;
    return (inputTokens * inputUsdPerMillion + outputTokens * outputUsdPerMillion) / 1e6;
  }
}
