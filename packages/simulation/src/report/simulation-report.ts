/**
 * What one run of a policy over a trace came to. Everything a table, a chart or a bench shows is in here, and it is
 * plain JSON. Times in seconds since the first arrival unless a name says otherwise.
 */
export interface PolicyReport {
  readonly policy: string;
  readonly seed: number;
  readonly requests: number;
  readonly completed: number;
  /** Jobs that no backend could ever run, and jobs whose deadline passed before they began. */
  readonly rejected: number;
  readonly expired: number;
  /** By class, and for the pinned jobs of all classes. */
  readonly classes: Readonly<Record<string, ClassReport>>;
  readonly pinned: ClassReport;
  readonly tenants: readonly TenantReport[];
  readonly cloud: {
    readonly jobs: number;
    readonly share: number;
    readonly usd: number;
    readonly usdPerHour: number;
  };
  readonly energy: { readonly kwh: number; readonly usd: number };
  /** Times a model group began or ended overflowing. */
  readonly flips: number;
  readonly engine: {
    readonly preemptions: number;
    readonly prefixHitRate: number;
    /** Share of slots in use, over time. */
    readonly utilisation: number;
    readonly tokensPerSecond: number;
  };
  /** Of all jobs: waiting for a first token, from arrival. */
  readonly firstToken: Distribution;
  /** Predicted minus actual finish at dispatch, in seconds. */
  readonly predictionError: Distribution;
  /** Simulated seconds from first arrival to last end; real seconds it took; plans made. */
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly plans: number;
  readonly series: readonly SeriesPoint[];
}

export interface ClassReport {
  readonly jobs: number;
  readonly missed: number;
  readonly missedShare: number;
  readonly cloudJobs: number;
  /** From arrival to the end of the answer. */
  readonly latency: Distribution;
  /** From arrival to the beginning of the attempt. */
  readonly wait: Distribution;
}

export interface TenantReport {
  readonly tenant: string;
  readonly jobs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly missed: number;
  readonly wait: Distribution;
}

export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The state of the deployment at one instant; about 300 of them over a run. */
export interface SeriesPoint {
  readonly at: number;
  readonly waiting: number;
  readonly running: number;
  readonly missed: number;
  readonly completed: number;
  readonly cloudUsd: number;
  readonly watts: number;
  /** Tokens (input + 2 x output) served so far of the eight largest tenants, by name. */
  readonly served: Readonly<Record<string, number>>;
}

export interface SimulationReport {
  readonly trace: {
    readonly name: string;
    /** How many were simulated, of how many in the trace: fewer where it was cut off, more where it was repeated. */
    readonly requests: number;
    readonly of: number;
    readonly seconds: number;
  };
  /** How the load was made from the trace, and what was assumed where nobody said: sentences for people. */
  readonly assumptions?: readonly string[];
  readonly backends: readonly { readonly id: string; readonly location: string; readonly summary: string }[];
  readonly policies: readonly PolicyReport[];
}
