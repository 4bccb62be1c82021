/**
 * What an earlier simulation of the same trace and the same kind of engine came to: seconds to the first token. It is
 * not in this repository and cannot be run again.
 */
export interface PublishedRouter {
  readonly hitShare: number | undefined;
  readonly meanSeconds: number;
  readonly p99Seconds: number | undefined;
}

/** By number of replicas, then by policy. What was not written down is undefined. */
export const PUBLISHED: Readonly<Record<number, Readonly<Record<string, PublishedRouter>>>> = {
  4: {
    random: mean(16.1),
    'round-robin': mean(9.8),
    'least-load': mean(6.7),
    chwbl: mean(5.05),
    weighted: mean(4.24),
    'time-cost': mean(2.59),
  },
  8: {
    random: { hitShare: 0.096, meanSeconds: 2.76, p99Seconds: 14.8 },
    'round-robin': { hitShare: 0.098, meanSeconds: 1.98, p99Seconds: 12 },
    'least-load': { hitShare: 0.096, meanSeconds: 2.13, p99Seconds: 12.1 },
    chwbl: { hitShare: 0.252, meanSeconds: 1.81, p99Seconds: 11.8 },
    weighted: { hitShare: 0.288, meanSeconds: 1.66, p99Seconds: 11.4 },
    'time-cost': { hitShare: 0.293, meanSeconds: 0.96, p99Seconds: 7.6 },
  },
};

function mean(meanSeconds: number): PublishedRouter {
  return { hitShare: undefined, meanSeconds, p99Seconds: undefined };
}
