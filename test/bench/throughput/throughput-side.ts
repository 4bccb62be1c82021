import type { BenchRedis } from '../common/bench-redis.ts';

/** What one side did in one turn. */
export interface ThroughputTurn {
  readonly perSecond: number;
  /** CPU time for each job, in µs, by process; Redis is one of them. */
  readonly micros: Readonly<Record<string, number>>;
}

/** Takes so many jobs from their submission to their end. */
export type ThroughputSide = (jobs: number) => Promise<ThroughputTurn>;

export interface SideContext {
  readonly redis: BenchRedis;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Jobs in the worker's hands at once. */
  readonly slots: number;
  /** Submissions under way at once. */
  readonly submitters: number;
}

/** A process that tells its CPU time. */
export interface Meter {
  cpuMicros(): Promise<number>;
}

/** Times `work`, which begins with the first submission and ends with the last settled job. */
export async function timeTurn(
  jobs: number,
  redis: BenchRedis,
  meters: Readonly<Record<string, Meter>>,
  work: () => Promise<unknown>,
): Promise<ThroughputTurn> {
  const all: readonly (readonly [string, Meter])[] = [
    ...Object.entries(meters),
    ['Redis', { cpuMicros: async () => (await redis.reading()).cpuMicros }],
  ];
  const read = (): Promise<readonly number[]> => Promise.all(all.map(([, meter]) => meter.cpuMicros()));
  const before = await read();
  const startedAtMs = performance.now();
  await work();
  const perSecond = (jobs * 1000) / (performance.now() - startedAtMs);
  const after = await read();
  return {
    perSecond,
    micros: Object.fromEntries(
      all.map(([name], index) => [name, ((after[index] ?? 0) - (before[index] ?? 0)) / jobs]),
    ),
  };
}
