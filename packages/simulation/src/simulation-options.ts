import type { JobClass } from '@spillway/core';

export interface SimulationOptions {
  /** Of everything that is left to chance; 1 unless given. */
  readonly seed?: number;
  /** The shortest time between two plans: what happens in between waits for the next; 5 ms unless given. */
  readonly tickMs?: number;
  /** Waiting jobs are looked at this often although nothing happened; 500 ms unless given. */
  readonly intervalMs?: number;
  /** From the plan until the job is at its backend; 5 ms unless given. */
  readonly dispatchMs?: number;
  /** Whether a job ends at its deadline, as live, or may end later and is missed all the same; `expire` unless given. */
  readonly late?: 'expire' | 'run';
  /** Whether the scheduler knows the engines' constants or learns them; `learned` unless given. */
  readonly profiles?: 'known' | 'learned';
  /** Deadlines of jobs that have none of their own: 30 s, 5 min and 24 h unless given. */
  readonly deadlineMs?: Readonly<Record<JobClass, number>>;
  /** What a request that sets no limit may take for its answer; 2048 tokens unless given. */
  readonly maxOutputTokens?: number;
  /** Stops the simulation with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_OPTIONS = {
  seed: 1,
  tickMs: 5,
  intervalMs: 500,
  dispatchMs: 5,
  late: 'expire',
  profiles: 'learned',
  deadlineMs: { interactive: 30_000, standard: 300_000, batch: 86_400_000 },
  maxOutputTokens: 2048,
} as const satisfies SimulationOptions;

export type FullOptions = Required<Omit<SimulationOptions, 'signal'>> & Pick<SimulationOptions, 'signal'>;
