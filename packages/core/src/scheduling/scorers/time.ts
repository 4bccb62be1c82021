import type { Scorer } from './scorer.ts';

/**
 * **Computes** `1 - (finish - now) / max(deadline - now, 1 s)`, cut to [0, 1].
 * **Intent** be ready in time; a prompt that is cached here counts, because it ends sooner.
 * **Reads** the prediction and the deadline. **Range** 1 (at once) to 0 (at the deadline or after it).
 * **Tuned by** its weight in the strategy.
 */
export const time: Scorer<'time'> = {
  name: 'time',
  shares: { auto: 30, fast: 65, quality: 10, cost: 10, long_context: 25 },
  score: (job, _backend, { nowMs, prediction }) =>
    clamp(1 - (prediction.finishAtMs - nowMs) / Math.max(job.deadlineAtMs - nowMs, 1000)),
};

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
