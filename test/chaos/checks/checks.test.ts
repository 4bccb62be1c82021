import { describe, expect, test } from 'vitest';
import { ALL_CHECKS } from './all-checks.ts';
import type { BatchFigure } from './batch-facts.fixtures.ts';
import {
  at,
  attempt,
  cancelled,
  cancelledJob,
  completed,
  fault,
  job,
  JOB_ID,
  leftovers,
  line,
  otherJob,
  queued,
  receipt,
  refused,
  run,
  T0,
} from './facts.fixtures.ts';
import type { RunFacts } from '../history/facts.ts';
import type { Figure } from './violation.ts';

const judge = (facts: RunFacts): readonly Figure[] => [
  ...new Set(ALL_CHECKS.flatMap((check) => check(facts)).map(({ figure }) => figure)),
];
const withJob = (over: Parameters<typeof job>[0]): RunFacts => run({ jobs: [job(over)] });
const seen = (record: ReturnType<typeof completed>) => ({ atMs: T0 + 3_000, record });

/** Every figure of jobs with the bugs that it has to show, and that no other figure shows. */
const PLANTED: Readonly<
  Record<Exclude<Figure, BatchFigure>, readonly (readonly [bug: string, facts: RunFacts])[]>
> = {
  lost: [
    ['an accepted job is unknown', withJob({ finals: [], gone: [JOB_ID], sightings: [], receipts: [] })],
    ['an accepted job is nowhere', withJob({ finals: [], sightings: [], receipts: [] })],
    ['a job never ends', withJob({ finals: [queued()], sightings: [], receipts: [], plan: {} })],
    [
      'one that runs for ever',
      withJob({ finals: [queued({ status: 'running' })], sightings: [], receipts: [] }),
    ],
  ],
  doubled: [
    ['two jobs for one key', withJob({ sightings: [seen(otherJob()), seen(completed())] })],
    ['a second job for the key that nobody was told of', run({ jobs: [doubledInStore()] })],
    ['two completed attempts', withJob({ finals: [twice()], sightings: [seen(twice())] })],
    ['another result after the end', withJob({ sightings: [seen(completed({ finished_at: at(9) }))] })],
    ['an attempt after the end', withJob({ sightings: [seen(completed({ attempts: [] }))] })],
    ['two events for one end', withJob({ receipts: [receipt(), receipt({ eventId: 'evt_2' })] })],
  ],
  wrong_result: [
    ['the answer to another job', withJob(same(completed({ result: answer('0123456789ab') })))],
    ['no result', withJob(same(completed({ result: null })))],
    [
      'a failed job has a result',
      withJob({
        ...same(completed({ status: 'failed', attempts: [] })),
        receipts: [receipt({ type: 'job.failed', status: 'failed' })],
      }),
    ],
  ],
  wrong_times: [
    ['an attempt an hour ago', withJob(same(completed({ attempts: [attempt({ started_at: at(-3_600) })] })))],
    ['an end in an hour', withJob(same(completed({ finished_at: at(3_602) })))],
    ['a deadline by another clock', withJob(same(completed({ deadline_at: at(3_900) })))],
    ['a job that expires before its time', run({ jobs: [expiredJob({ deadline_seconds: 300 })] })],
    [
      'one that expires although it had begun',
      run({ jobs: [expiredJob({ start_within_seconds: 1 }, at(1))] }),
    ],
  ],
  cap_violations: [
    ['one request too many for a second', run({ engine: [line('arrived', 1, 3), line('ended', 2, 2)] })],
    ['one request too many to the end', run({ engine: [line('arrived', 1, 3)] })],
  ],
  started_after_cancel: [
    ['an attempt in the record', run({ jobs: [lateAttempt()] })],
    ['a request at the engine', run({ jobs: [cancelledJob()], engine: [line('arrived', 4, 1)] })],
    [
      'a request at the cloud',
      run({
        jobs: [cancelledJob({ plan: { ...job().plan, localOnly: false } })],
        cloud: [line('arrived', 4, 1)],
      }),
    ],
    [
      'a request long after its stopped worker went on',
      run({ jobs: [cancelledJob()], faults: [fault({})], engine: [line('arrived', 6.5, 1)] }),
    ],
  ],
  leaked: [['a pinned job at the cloud', run({ cloud: [line('arrived', 1, 1)] })]],
  missed_events: [
    ['no event', withJob({ receipts: [] })],
    ['only an attempt that was answered 500', withJob({ receipts: [receipt({ answered: 500 })] })],
  ],
  wrong_events: [
    ['a bad signature', withJob({ receipts: [receipt(), receipt({ signature: 'bad' })] })],
    ['an event of another job', withJob({ receipts: [receipt(), receipt({ subjectId: 'job_other' })] })],
    [
      'a type that was not asked for',
      withJob({ plan: { hook: { reception: 'good', ownSecret: false, events: ['job.failed'] } } }),
    ],
    ['an hour off, with no clock stepped', withJob({ receipts: [receipt({ skewSeconds: 3600 })] })],
  ],
  bad_answers: [
    ['500', withJob({ refusals: [refused({ status: 500, code: 'internal-error' })] })],
    ['409 for the same key and body', withJob({ refusals: [refused({ status: 409 })] })],
    ['503 without Retry-After', withJob({ refusals: [refused({ retryAfterMs: undefined })] })],
    [
      'an answer that is no answer',
      withJob({ refusals: [refused({ status: undefined, code: 'unexpected-answer' })] }),
    ],
  ],
  left_behind: [
    ['a lease', run({ leftovers: leftovers({ counts: { live: 0, held: 1 } }) })],
    ['drift', run({ leftovers: leftovers({ drift: [{ kind: 'lane', subject: 'a' }] }) })],
    ['a process', run({ leftovers: leftovers({ processes: ['scheduler (1)'] }) })],
  ],
  crashes: [['a process that failed', run({ crashes: ['scheduler.log: process.failed'] })]],
};

test('a healthy run passes every check', () => {
  expect(judge(run())).toEqual([]);
});

describe.each(Object.entries(PLANTED))('%s', (figure, planted) => {
  test.each(planted)('sees %s, and no other figure does', (_bug, facts) => {
    expect(judge(facts)).toEqual([figure]);
  });
});

test('an end that is told otherwise is both doubled and a wrong event', () => {
  expect(
    judge(withJob({ receipts: [receipt(), receipt({ type: 'job.failed', status: 'failed' })] })),
  ).toEqual(['doubled', 'wrong_events']);
});

describe('what is no violation', () => {
  test('a new request that overtakes the close of an aborted one', () => {
    const engine = [line('arrived', 1, 3), line('ended', 1.05, 2)];
    expect(judge(run({ engine }))).toEqual([]);
  });

  test('a request sent before the cancel that a stopped worker held up', () => {
    const facts = run({ jobs: [cancelledJob()], faults: [fault({})], engine: [line('arrived', 5.5, 1)] });
    expect(judge(facts)).toEqual([]);
  });

  test('an event an hour off while the clock of a dispatcher was', () => {
    const stepped = fault({
      process: 'webhook-dispatcher',
      trouble: { kind: 'clock-step', byMs: 3_600_000 },
    });
    const facts = { ...withJob({ receipts: [receipt({ skewSeconds: 3600 })] }), faults: [stepped] };
    expect(judge(facts)).toEqual([]);
  });

  test('a job that expires when one of its clocks has run out', () => {
    expect(judge(run({ jobs: [expiredJob({ start_within_seconds: 2 })] }))).toEqual([]);
  });

  test('an event told again, and a job that is told nothing because nothing was asked for', () => {
    const silent = { hook: { reception: 'good', ownSecret: false, events: ['job.failed'] } } as const;
    expect(judge(withJob({ receipts: [receipt(), receipt()] }))).toEqual([]);
    expect(judge(withJob({ plan: silent, receipts: [] }))).toEqual([]);
  });
});

function same(record: ReturnType<typeof completed>): Pick<ReturnType<typeof job>, 'sightings' | 'finals'> {
  return { sightings: [seen(record)], finals: [record] };
}

function answer(digest: string): NonNullable<ReturnType<typeof completed>['result']> {
  return { status_code: 200, body: { text: `[simulated] ${digest} answers` } };
}

function twice(): ReturnType<typeof completed> {
  return completed({ attempts: [attempt(), attempt({ number: 2 })] });
}

function doubledInStore(): ReturnType<typeof job> {
  return job({ finals: [completed(), completed({ id: otherJob().id })] });
}

/** Ends two seconds after its submission. */
function expiredJob(clocks: object, startedAt: string | null = null): ReturnType<typeof job> {
  const attempts = startedAt === null ? [] : [attempt({ outcome: 'expired' })];
  const record = completed({ status: 'expired', result: null, attempts, started_at: startedAt });
  return job({
    ...same(record),
    plan: { input: { deadline_seconds: 300, ...clocks, request: { model: 'auto' } } },
    receipts: [receipt({ type: 'job.expired', status: 'expired' })],
  });
}

function lateAttempt(): ReturnType<typeof job> {
  const late = { ...cancelled(), attempts: [attempt({ started_at: at(2.5), outcome: 'cancelled' })] };
  return cancelledJob({ finals: [late], sightings: [seen(late)] });
}
