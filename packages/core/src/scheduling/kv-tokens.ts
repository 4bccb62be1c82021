import type { OutputLength } from '../prediction/output-length.ts';
import type { JobView } from './snapshot.ts';

/**
 * What a job takes of a KV cache, in tokens: its prompt and the mean of its kind's answers. Those in the batch are
 * longer than the mean, because long ones stay longer, and half written on average: the two about cancel out. To
 * reserve what one in ten needs would leave a third of the cache unused (docs/benchmarks has both).
 */
export const kvTokens = (job: JobView, { mean }: OutputLength): number => Math.ceil(job.inputTokens + mean);

/** The 90th percentile of a normal distribution, in standard deviations. */
const P90_DEVIATIONS = 1.2816;

/**
 * The standard deviation of what so many jobs take together, in tokens: that of one answer, read from its percentiles,
 * times the root of their number. Few long answers stray far; many short ones hardly.
 */
export const kvDeviation = ({ p50, p90 }: OutputLength, jobs: number): number =>
  ((p90 - p50) / P90_DEVIATIONS) * Math.sqrt(jobs);
