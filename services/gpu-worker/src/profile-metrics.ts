import type { EngineProfile } from '@spillway/core';
import { ERROR_RATIOS, type Metrics } from '@spillway/service-kit';

/** What has been learned of the engine as gauges, and how far answers were from it. */
export function createProfileMetrics(metrics: Metrics, backend: string) {
  const constants = metrics.gauge(
    'worker_profile',
    'Learned constants of an engine step: base_ms + per_sequence_ms x sequences + per_prefill_token_ms x prompt tokens',
    ['backend', 'constant'],
  );
  const samples = metrics.gauge('worker_profile_samples', 'Answers the constants were learned from', [
    'backend',
  ]);
  const errors = metrics.histogram(
    'worker_profile_error_ratio',
    'Duration of an answer over what the learned constants said of one as long, beside as many others',
    ERROR_RATIOS,
    ['backend'],
  );
  return {
    write: (profile: EngineProfile): void => {
      constants.set({ backend, constant: 'base_ms' }, profile.baseMs / profile.decodeFactor);
      constants.set({ backend, constant: 'per_sequence_ms' }, profile.perSequenceMs / profile.decodeFactor);
      constants.set(
        { backend, constant: 'per_prefill_token_ms' },
        profile.perPrefillTokenMs / profile.prefillFactor,
      );
      samples.set({ backend }, profile.samples);
    },
    observeError: (ratio: number): void => errors.observe({ backend }, ratio),
  };
}
