/** What an engine's `/metrics` says, summed over its models and data-parallel engines. Absent: it does not tell. */
export interface EngineMetrics {
  readonly running?: number;
  readonly waiting?: number;
  /** In [0, 1], the mean over its engines, whose caches are equally large. */
  readonly kvCacheUsage?: number;
  readonly kvCapacityTokens?: number;
  readonly preemptionsTotal?: number;
  readonly promptTokensTotal?: number;
  readonly generationTokensTotal?: number;
  /** A simulated engine reports its simulated GPU, too. */
  readonly simulatedGpu?: {
    readonly powerWatts?: number;
    readonly powerLimitWatts?: number;
    readonly temperatureC?: number;
    readonly utilizationPercent?: number;
  };
}
