import type { BenchRedis } from '../common/bench-redis.ts';
import type { LoadGenerator } from '../common/http-load.ts';
import type { Producer } from '../common/producer.ts';
import { SAMPLE_JOB } from '../common/sample-job.ts';

/** What one side did in one turn. */
export interface IntakeTurn {
  readonly perSecond: number;
  /** Of an answer; undefined where nothing goes over HTTP. */
  readonly p99Ms: number | undefined;
  /** CPU time of the accepting process for each accept, in µs. */
  readonly nodeMicros: number;
  /** CPU time of Redis for each accept, in µs. */
  readonly redisMicros: number;
  readonly scriptCallsPerAccept: number;
}

/** Takes so many jobs from so many submitters at once, on an empty Redis. */
export type IntakeSide = (jobs: number, submitters: number) => Promise<IntakeTurn>;

/** A process that tells its CPU time. */
export interface Meter {
  cpuMicros(): Promise<number>;
}

const BODY = JSON.stringify(SAMPLE_JOB);

/** A server under the load generator. */
export const overHttp =
  ({
    generator,
    redis,
    apiKey,
    port,
    meter,
  }: {
    readonly generator: LoadGenerator;
    readonly redis: BenchRedis;
    readonly apiKey: string;
    readonly port: number;
    readonly meter: Meter;
  }): IntakeSide =>
  (jobs, submitters) =>
    metered(jobs, redis, meter, async () =>
      generator.ask({ port, path: '/v1/jobs', apiKey, body: BODY, requests: jobs, connections: submitters }),
    );

/** BullMQ's `add` with nothing in front of it. */
export const rawAdd =
  ({ producer, redis }: { readonly producer: Producer; readonly redis: BenchRedis }): IntakeSide =>
  (jobs, submitters) =>
    metered(jobs, redis, producer, () => producer.ask({ jobs, concurrency: submitters }));

async function metered(
  jobs: number,
  redis: BenchRedis,
  meter: Meter,
  work: () => Promise<{ readonly perSecond: number; readonly p99Ms?: number }>,
): Promise<IntakeTurn> {
  await redis.clear();
  const [nodeBefore, redisBefore] = [await meter.cpuMicros(), await redis.reading()];
  const { perSecond, p99Ms } = await work();
  const [nodeAfter, redisAfter] = [await meter.cpuMicros(), await redis.reading()];
  return {
    perSecond,
    p99Ms,
    nodeMicros: (nodeAfter - nodeBefore) / jobs,
    redisMicros: (redisAfter.cpuMicros - redisBefore.cpuMicros) / jobs,
    scriptCallsPerAccept: (redisAfter.scriptCalls - redisBefore.scriptCalls) / jobs,
  };
}
