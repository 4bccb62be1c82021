import type { FaultRecord } from '../faults/fault.ts';
import type { JobFacts } from '../history/facts.ts';
import type { JournalLine } from '../history/journal.ts';
import type { Check } from './violation.ts';

/**
 * An attempt that had begun before the cancel may still be on its way from the worker to the engine when the cancel is
 * acknowledged, and a stopped worker or engine keeps it on its way for as long as it is stopped.
 */
const ON_ITS_WAY_MS = 1_000;

/** No attempt begins after a cancel was acknowledged: by the record, and by what reached the engine and the cloud. */
export const startedAfterCancel: Check = ({ jobs, faults, engine, cloud }) =>
  jobs.flatMap((job) => {
    const cancelled = job.cancels.find(({ record }) => record.status === 'cancelled');
    if (cancelled === undefined) return [];
    const late = [
      ...attemptsAfter(job, Date.parse(cancelled.record.finished_at ?? '')),
      ...arrivalsAfter(job, cancelled.atMs, engine, faults, 'the engine'),
      ...arrivalsAfter(job, cancelled.atMs, cloud, faults, 'the cloud'),
    ];
    return late.map((detail) => ({ figure: 'started_after_cancel', key: job.plan.key, detail }) as const);
  });

const attemptsAfter = ({ finals }: JobFacts, endedAtMs: number): readonly string[] =>
  finals.flatMap(({ attempts }) =>
    attempts
      .filter((attempt) => Date.parse(attempt.started_at) > endedAtMs)
      .map(({ number, started_at: startedAt }) => `attempt ${number} began at ${startedAt}`),
  );

const arrivalsAfter = (
  { plan }: JobFacts,
  acknowledgedAtMs: number,
  lines: readonly JournalLine[],
  faults: readonly FaultRecord[],
  where: string,
): readonly string[] =>
  lines
    .filter(({ event, digests }) => event === 'arrived' && digests.includes(plan.digest))
    .filter(({ at }) => at > latestArrival(acknowledgedAtMs, at, faults))
    .map(({ at }) => `it reached ${where} ${at - acknowledgedAtMs} ms after its cancel was acknowledged`);

/** Until when a request sent before an acknowledgement may arrive. */
export function latestArrival(
  acknowledgedAtMs: number,
  arrivedAtMs: number,
  faults: readonly FaultRecord[],
): number {
  const stops = faults.filter(
    ({ process, trouble, beganAtMs, endedAtMs }) =>
      trouble.kind === 'stop' &&
      CARRIERS.some((name) => process.startsWith(name)) &&
      beganAtMs <= acknowledgedAtMs + ON_ITS_WAY_MS &&
      endedAtMs >= acknowledgedAtMs &&
      endedAtMs <= arrivedAtMs,
  );
  return Math.max(acknowledgedAtMs, ...stops.map(({ endedAtMs }) => endedAtMs)) + ON_ITS_WAY_MS;
}

const CARRIERS = ['gpu-worker', 'cloud-worker', 'engine-sim', 'provider-sim'];
