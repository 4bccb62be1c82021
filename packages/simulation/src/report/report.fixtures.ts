import type { ClassReport, Distribution, PolicyReport, SimulationReport } from './simulation-report.ts';

const flat = (seconds: number): Distribution => ({
  mean: seconds,
  p50: seconds,
  p90: seconds,
  p99: seconds,
  max: seconds,
});

export const sampleClass = (changes: Partial<ClassReport> = {}): ClassReport => ({
  jobs: 100,
  missed: 4,
  missedShare: 0.04,
  cloudJobs: 20,
  latency: flat(9),
  wait: flat(3),
  ...changes,
});

/** A run with the differences given. */
export const samplePolicy = (changes: Partial<PolicyReport> = {}): PolicyReport => ({
  policy: 'spillway',
  seed: 1,
  requests: 200,
  completed: 198,
  rejected: 0,
  expired: 2,
  classes: { interactive: sampleClass(), batch: sampleClass({ missed: 0, missedShare: 0 }) },
  pinned: sampleClass({ jobs: 30, missed: 1 }),
  tenants: [
    { tenant: 'a', jobs: 150, inputTokens: 1500, outputTokens: 300, missed: 4, wait: flat(3) },
    { tenant: 'b', jobs: 50, inputTokens: 500, outputTokens: 100, missed: 0, wait: flat(2) },
  ],
  cloud: { jobs: 40, share: 0.2, usd: 1, usdPerHour: 1.2 },
  energy: { kwh: 0.5, usd: 0.15 },
  flips: 0,
  engine: { preemptions: 0, prefixHitRate: 0.25, utilisation: 0.9, tokensPerSecond: 1000 },
  firstToken: flat(2),
  predictionError: flat(1),
  simulatedSeconds: 600,
  wallSeconds: 1,
  plans: 1000,
  series: [0, 300, 600].map((at) => ({
    at,
    waiting: 1,
    running: 2,
    missed: 0,
    completed: at / 3,
    cloudUsd: at / 600,
    watts: 300,
    served: { a: at * 2, b: at },
  })),
  ...changes,
});

export const sampleReport = (policies: readonly PolicyReport[]): SimulationReport => ({
  trace: { name: 'sample.csv', requests: 200, of: 200, seconds: 600 },
  backends: [{ id: 'gpu-0', location: 'local', summary: 'a card' }],
  policies,
});
