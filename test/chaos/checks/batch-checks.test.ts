import { describe, expect, test } from 'vitest';
import type { BatchFacts } from '../history/batch-facts.ts';
import type { RunFacts } from '../history/facts.ts';
import { ALL_CHECKS } from './all-checks.ts';
import {
  answered,
  BATCH_ID,
  batchFacts,
  type BatchFigure,
  batchObject,
  cancelledBatch,
  digestOf,
  finalBatch,
  LINES,
  OTHER_BATCH_ID,
  pausedBatch,
  refusedLine,
  unfinishedLine,
} from './batch-facts.fixtures.ts';
import { fault, leftovers, line, receipt, refused, run, T0 } from './facts.fixtures.ts';
import type { Figure } from './violation.ts';

const judge = (facts: RunFacts): readonly Figure[] => [
  ...new Set(ALL_CHECKS.flatMap((check) => check(facts)).map(({ figure }) => figure)),
];
/** No fault strikes unless one is given. */
const withBatch = (batch: BatchFacts, over: Partial<RunFacts> = {}): RunFacts =>
  run({ batches: [batch], faults: [], ...over });
const ended = (...args: Parameters<typeof finalBatch>): RunFacts =>
  withBatch(batchFacts({ final: finalBatch(...args) }));
const told = (...over: readonly Parameters<typeof receipt>[0][]): RunFacts =>
  withBatch(
    batchFacts({
      receipts: over.map((one) =>
        receipt({ subjectId: BATCH_ID, type: 'batch.completed', status: 'completed', ...one }),
      ),
    }),
  );
const invalid = (wrong: number): RunFacts => {
  const none = { request_counts: { total: 0, completed: 0, failed: 0 }, usage: NO_USAGE };
  const data = [{ code: 'invalid_url', message: 'no', param: 'url', line: wrong }];
  const final = finalBatch(
    { ...none, status: 'failed', completed_at: null, failed_at: T0 / 1000, errors: { object: 'list', data } },
    { output: [], errors: [] },
  );
  const course = { kind: 'invalid', mistakes: [{ line: 2, code: 'invalid_url' }] } as const;
  return withBatch(batchFacts({ plan: { course }, final }));
};
const NO_USAGE = { ...batchObject().usage, input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const sent = (...seconds: readonly number[]) =>
  seconds.map((second) => line('arrived', second, 1, digestOf(1)));
const expiredEarly = { status: 'expired', completed_at: null, expired_at: T0 / 1000 + 5 } as const;
const blob = (path: string, modifiedAtMs = T0) => ({ path, modifiedAtMs });

/** The bugs of batches by the figures that have to show them, and that no other figure shows. */
const PLANTED: Readonly<Record<BatchFigure, readonly (readonly [bug: string, facts: RunFacts])[]>> &
  Readonly<Partial<Record<Figure, readonly (readonly [bug: string, facts: RunFacts])[]>>> = {
  lost: [
    ['an accepted batch is unknown', withBatch(batchFacts({ finals: [], gone: [BATCH_ID], receipts: [] }))],
    [
      'a batch never ends',
      withBatch(batchFacts({ finals: [finalBatch({ status: 'finalizing' })], sightings: [], receipts: [] })),
    ],
  ],
  doubled: [
    [
      'two batches for one key',
      withBatch(batchFacts({ sightings: [{ atMs: T0, batch: batchObject({ id: OTHER_BATCH_ID }) }] })),
    ],
    [
      'a batch that changed after its end',
      withBatch(batchFacts({ sightings: [{ atMs: T0, batch: batchObject({ output_file_id: null }) }] })),
    ],
    ['two events for one end', told({}, { eventId: 'evt_2' })],
    ['a line sent twice', withBatch(batchFacts(), { engine: sent(1, 3) })],
    [
      'a line sent twice, once to the cloud, with a fault that breaks nothing off',
      withBatch(batchFacts(), {
        engine: sent(1),
        cloud: sent(3),
        faults: [fault({ process: 'batch-worker', trouble: { kind: 'kill' } })],
      }),
    ],
    [
      'a line sent twice after all faults',
      withBatch(batchFacts(), {
        engine: sent(1, 3),
        faults: [fault({ beganAtMs: T0 - 9_000, endedAtMs: T0 - 5_000 })],
      }),
    ],
  ],
  wrong_lines: [
    ['a line is lost', ended({}, { errors: [] })],
    ['a line is there twice', ended({}, { errors: [refusedLine(2), refusedLine(2)] })],
    [
      'a line stands in both files',
      ended({}, { errors: [refusedLine(2), refusedLine(1, { statusCode: 500 })] }),
    ],
    ['a line nobody sent', ended({}, { errors: [refusedLine(2), refusedLine(3, { statusCode: 500 })] })],
    ['counts of other lines', ended({ request_counts: { total: 3, completed: 1, failed: 2 } })],
    ['a sum that is not the total', ended({ request_counts: { total: 4, completed: 2, failed: 1 } })],
    ['a failure among the answers', ended({}, { output: [answered(0), answered(1, { statusCode: 500 })] })],
    [
      'a line refused that no engine refuses',
      ended({}, { output: [answered(0), answered(1)], errors: [refusedLine(2, { customId: 'line-1' })] }),
    ],
    [
      'a cancelled line of a batch that completed',
      ended({}, { errors: [unfinishedLine(2, 'batch_cancelled')] }),
    ],
    [
      'an expired line of a batch that completed',
      ended({}, { errors: [unfinishedLine(2, 'batch_expired')] }),
    ],
    ['a failure without a reason', ended({}, { errors: [refusedLine(2, { statusCode: undefined })] })],
    [
      'usage that is not that of the lines',
      ended({ usage: { ...batchObject().usage, output_tokens: 11, total_tokens: 31 } }),
    ],
    [
      'counts that fall',
      withBatch(
        batchFacts({
          sightings: [2, 1].map((completed) => ({
            atMs: T0,
            batch: batchObject({ status: 'in_progress', request_counts: { total: 3, completed, failed: 0 } }),
          })),
        }),
      ),
    ],
  ],
  wrong_result: [
    [
      'the answer to another line',
      ended({}, { output: [answered(0), answered(1, { digest: digestOf(0) })] }),
    ],
    [
      'an answer without its digest',
      ended({}, { output: [answered(0), answered(1, { digest: undefined })] }),
    ],
    [
      'an answer to a line that the engine refuses',
      withBatch(batchFacts({ plan: { lines: LINES.map((one) => ({ ...one, refused: true })) } })),
    ],
  ],
  wrong_ends: [
    [
      'a batch that completed although its cancel was answered',
      withBatch(batchFacts({ plan: cancelledBatch().plan, changes: cancelledBatch().changes })),
    ],
    ['a batch that nobody cancelled', withBatch(cancelledBatch({ plan: batchFacts().plan }))],
    ['another line is told to be wrong', invalid(3)],
    ['a window of another length', ended({ expires_at: T0 / 1000 + 60 })],
    [
      'a batch that expires before its time',
      withBatch(
        batchFacts({
          plan: { course: { kind: 'expiring' }, completionWindow: '1m' },
          final: finalBatch({ ...expiredEarly, expires_at: T0 / 1000 + 60 }),
        }),
      ),
    ],
  ],
  started_after_cancel: [
    ['a line sent after its batch was cancelled', withBatch(cancelledBatch(), { engine: sent(7) })],
    ['a line sent after its batch had completed', withBatch(batchFacts(), { cloud: sent(7) })],
    ['a line sent while its batch is paused', withBatch(pausedBatch(), { engine: sent(8) })],
  ],
  leaked: [
    ['a pinned line at the cloud', withBatch(batchFacts(), { cloud: [line('arrived', 1, 1, digestOf(0))] })],
  ],
  missed_events: [
    ['no event', withBatch(batchFacts({ receipts: [] }))],
    ['only the event of its beginning', told({ type: 'batch.in_progress', status: 'in_progress' })],
    ['only an attempt that was answered 500', told({ answered: 500 })],
  ],
  wrong_events: [
    ['a bad signature', told({}, { signature: 'bad' })],
    ['an event of another batch', told({}, { subjectId: OTHER_BATCH_ID })],
    ['an hour off, with no clock stepped', told({ skewSeconds: 3600 })],
  ],
  bad_answers: [
    ['500', withBatch(batchFacts({ refusals: [refused({ status: 500, code: 'internal_error' })] }))],
    ['a batch that cannot be created', withBatch(batchFacts({ refusals: [refused({ status: 400 })] }))],
  ],
  left_behind: [
    [
      'a part file',
      run({
        leftovers: leftovers({
          blobs: [blob(`blobs/a/batches/${BATCH_ID}/parts/00000000-1.jsonl~`)],
          known: [BATCH_ID],
        }),
      }),
    ],
    [
      'a batch of nobody',
      run({ leftovers: leftovers({ blobs: [blob(`blobs/a/batches/${BATCH_ID}/index~`)] }) }),
    ],
    ['a file of nobody', run({ leftovers: leftovers({ blobs: [blob('blobs/a/files/file-1~')] }) })],
    [
      'a file half written by a process that lives',
      run({ leftovers: leftovers({ blobs: [blob('writing/1')] }) }),
    ],
  ],
  unverified: [
    ['counts that were not the lines', run({ unverified: ['batch-worker.log: batch.not_verified'] })],
  ],
};

describe.each(Object.entries(PLANTED))('%s of batches', (figure, planted) => {
  test.each(planted)('sees %s, and no other figure does', (_bug, facts) => {
    expect(judge(facts)).toEqual([figure]);
  });
});

describe('what is no violation', () => {
  test.each([
    ['a batch that completed', withBatch(batchFacts())],
    ['one that was cancelled', withBatch(cancelledBatch())],
    [
      'one whose cancel came too late',
      withBatch(batchFacts({ plan: cancelledBatch().plan, refusals: [tooLate()] })),
    ],
    ['one whose input has the mistakes that were planned', invalid(2)],
    [
      'one that was paused, with what ran before and after',
      withBatch(pausedBatch(), { engine: sent(3).concat(line('arrived', 30, 1, digestOf(0))) }),
    ],
  ])('%s', (_name, facts) => {
    expect(judge(facts)).toEqual([]);
  });

  test('a line that is sent again after its worker was killed', () => {
    const killed = fault({ trouble: { kind: 'kill' }, beganAtMs: T0 + 1_500, endedAtMs: T0 + 1_500 });
    expect(judge(withBatch(batchFacts(), { engine: sent(1, 3), faults: [killed] }))).toEqual([]);
  });

  test('a line sent in the first seconds of a pause while a batch-worker is dead', () => {
    const killed = fault({ process: 'batch-worker', trouble: { kind: 'kill' }, endedAtMs: T0 });
    expect(judge(withBatch(pausedBatch(), { engine: sent(8), faults: [killed] }))).toEqual([]);
  });

  test('the index and journal of a batch, the blobs of files, and what a killed process was writing', () => {
    const blobs = [
      blob(`blobs/a/batches/${BATCH_ID}/index~`),
      blob(`blobs/a/batches/${BATCH_ID}/journal.jsonl~`),
      blob('blobs/a/files/file-1~'),
      blob('writing/1'),
    ];
    const killed = fault({ process: 'batch-worker-2', trouble: { kind: 'kill' }, beganAtMs: T0 + 100 });
    const left = leftovers({ blobs, known: [BATCH_ID, 'file-1'] });
    expect(judge(run({ leftovers: left, faults: [killed] }))).toEqual([]);
  });

  test('a part file that a batch-worker finishes as it goes on after a stop', () => {
    const blobs = [blob(`blobs/a/batches/${BATCH_ID}/parts/00000000-1.jsonl~`, T0 + 5_100)];
    const stopped = fault({ process: 'batch-worker', trouble: { kind: 'stop' } });
    expect(judge(run({ leftovers: leftovers({ blobs }), faults: [stopped] }))).toEqual([]);
  });
});

function tooLate(): BatchFacts['refusals'][number] {
  return { ...refused({ status: 409, code: 'batch_ended', retryAfterMs: undefined }), of: 'cancel' };
}
