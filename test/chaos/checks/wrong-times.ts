import type { JobBody } from '@spillway/contracts';
import type { JobFacts } from '../history/facts.ts';
import type { Check } from './violation.ts';

/** All clocks are of one machine: what is further off than this was read from a clock that was stepped. */
const OFF_MS = 60_000;
/** A job's clocks run from when the store wrote it, after its submission began. */
const EARLY_MS = 100;

/** Whatever a process takes for the time, records tell the right one, and no job expires before its time. */
export const wrongTimes: Check = ({ jobs }) =>
  jobs.flatMap((job) =>
    job.finals.flatMap((record) =>
      [...instantsOff(job, record), ...expiredEarly(job, record)].map(
        (detail) => ({ figure: 'wrong_times', key: job.plan.key, detail }) as const,
      ),
    ),
  );

function instantsOff({ submittedAtMs, plan }: JobFacts, record: JobBody): readonly string[] {
  if (submittedAtMs === undefined) return [];
  const latestMs = submittedAtMs + (plan.input.deadline_seconds ?? 0) * 1000;
  const told = [
    ['created_at', record.created_at],
    ['started_at', record.started_at],
    ['finished_at', record.finished_at],
    ...record.attempts.flatMap(({ number, started_at: startedAt, finished_at: finishedAt }) => [
      [`attempt ${number} started_at`, startedAt],
      [`attempt ${number} finished_at`, finishedAt],
    ]),
  ] as const;
  return [
    ...told.filter(([, instant]) => isOutside(instant, submittedAtMs, latestMs)),
    ...[['deadline_at', record.deadline_at] as const].filter(([, instant]) =>
      isOutside(instant, latestMs, latestMs),
    ),
  ].map(([name, instant]) => `${name} of ${record.id} is ${instant}`);
}

const isOutside = (instant: string | null | undefined, fromMs: number, toMs: number): boolean =>
  instant != null && (Date.parse(instant) < fromMs - OFF_MS || Date.parse(instant) > toMs + OFF_MS);

function expiredEarly({ submittedAtMs, plan }: JobFacts, record: JobBody): readonly string[] {
  if (record.status !== 'expired' || submittedAtMs === undefined) return [];
  const { deadline_seconds: deadline = 0, start_within_seconds: startWithin = Infinity } = plan.input;
  // the clock of the start ends with the start
  const seconds = record.started_at === null ? Math.min(deadline, startWithin) : deadline;
  const livedMs = Date.parse(record.finished_at ?? '') - submittedAtMs;
  return livedMs < seconds * 1000 - EARLY_MS
    ? [`${record.id} expired after ${livedMs / 1000} s; it had ${seconds} s`]
    : [];
}
