import type { BatchObject } from '@spillway/contracts';
import { type BatchId, idFromUuid } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import type { BatchFacts, FinalBatch } from '../history/batch-facts.ts';
import type { LineResult } from '../history/batch-results.ts';
import type { PlannedBatch, PlannedLine } from '../load/planned-batch.ts';
import { receipt, T0 } from './facts.fixtures.ts';
import type { Figure } from './violation.ts';

/** What only batches can break. */
export type BatchFigure = Extract<Figure, 'wrong_lines' | 'wrong_ends' | 'unverified'>;

export const BATCH_ID: BatchId = idFromUuid('BatchId', '019a7b3c-0000-7000-8000-00000000000b');
export const OTHER_BATCH_ID: BatchId = idFromUuid('BatchId', '019a7b3c-0000-7000-8000-00000000000c');
const FILE_ID = idFromUuid('FileId', '019a7b3c-0000-7000-8000-00000000000f');
const KEY = 'batch-1';
const SECOND = Math.floor(T0 / 1000);

const plannedLine = (index: number, over: Partial<PlannedLine> = {}): PlannedLine => ({
  customId: `line-${index}`,
  text: '{}',
  digest: simulatedDigest(`line ${index}`),
  localOnly: false,
  refused: false,
  ...over,
});
/** Pinned, open, refused. */
export const LINES = [plannedLine(0, { localOnly: true }), plannedLine(1), plannedLine(2, { refused: true })];
export const digestOf = (index: number): string => LINES[index]?.digest ?? '';

export const answered = (index: number, over: Partial<LineResult> = {}): LineResult => ({
  customId: `line-${index}`,
  statusCode: 200,
  errorCode: undefined,
  digest: simulatedDigest(`line ${index}`),
  inputTokens: 10,
  outputTokens: 5,
  ...over,
});
export const refusedLine = (index: number, over: Partial<LineResult> = {}): LineResult =>
  answered(index, { statusCode: 400, digest: undefined, inputTokens: 0, outputTokens: 0, ...over });
export const unfinishedLine = (index: number, errorCode: string): LineResult =>
  refusedLine(index, { statusCode: undefined, errorCode });

export const batchObject = (over: Partial<BatchObject> = {}): BatchObject => ({
  id: BATCH_ID,
  object: 'batch',
  endpoint: '/v1/chat/completions',
  model: 'auto',
  errors: null,
  input_file_id: FILE_ID,
  completion_window: '24h',
  status: 'completed',
  output_file_id: FILE_ID,
  error_file_id: FILE_ID,
  created_at: SECOND,
  in_progress_at: SECOND,
  expires_at: SECOND + 86_400,
  finalizing_at: SECOND + 4,
  completed_at: SECOND + 4,
  failed_at: null,
  expired_at: null,
  cancelling_at: null,
  cancelled_at: null,
  request_counts: { total: 3, completed: 2, failed: 1 },
  usage: {
    input_tokens: 20,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 10,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 30,
  },
  metadata: { key: KEY },
  paused: false,
  lines_per_second: null,
  estimated_finish_at: null,
  retry_of: null,
  ...over,
});

const RUNNING = batchObject({
  status: 'in_progress',
  output_file_id: null,
  error_file_id: null,
  finalizing_at: null,
  completed_at: null,
  request_counts: { total: 3, completed: 0, failed: 0 },
});

/** As it ended, with its lines. */
export const finalBatch = (
  batch: Partial<BatchObject> = {},
  results: Partial<FinalBatch['results']> = {},
): FinalBatch => ({
  batch: batchObject(batch),
  results: { output: [answered(0), answered(1)], errors: [refusedLine(2)], ...results },
});

/** A batch that was submitted, ran, completed and was told of; what is given differs. */
export function batchFacts({
  plan,
  final = finalBatch(),
  ...over
}: Partial<Omit<BatchFacts, 'plan'>> & {
  readonly plan?: Partial<PlannedBatch>;
  readonly final?: FinalBatch;
} = {}): BatchFacts {
  const type = `batch.${final.batch.status}`;
  return {
    plan: {
      key: KEY,
      tenant: 0,
      atMs: 0,
      course: { kind: 'plain' },
      completionWindow: '24h',
      privacy: 'auto',
      lines: LINES,
      hook: { reception: 'good', ownSecret: false },
      ...plan,
    },
    submittedAtMs: T0,
    accepted: [{ atMs: T0, batch: RUNNING }],
    sightings: [
      { atMs: T0, batch: RUNNING },
      { atMs: T0 + 4_000, batch: final.batch },
    ],
    changes: [],
    asked: [],
    refusals: [],
    receipts: [
      receipt({ eventId: 'evt_0', subjectId: BATCH_ID, type: 'batch.in_progress', status: 'in_progress' }),
      receipt({ eventId: 'evt_1', subjectId: BATCH_ID, type, status: final.batch.status }),
    ].slice(final.batch.status === 'failed' ? 1 : 0),
    finals: [final],
    gone: [],
    ...over,
  };
}

/** Cancelled after its first line. */
export const cancelledBatch = (over: Partial<BatchFacts> = {}): BatchFacts => {
  const ended = { completed_at: null, cancelled_at: SECOND + 4, finalizing_at: null } as const;
  const counts = { total: 3, completed: 1, failed: 2 };
  const usage = { ...batchObject().usage, input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const final = finalBatch(
    { ...ended, status: 'cancelled', request_counts: counts, usage },
    {
      output: [answered(0)],
      errors: [unfinishedLine(1, 'batch_cancelled'), unfinishedLine(2, 'batch_cancelled')],
    },
  );
  const { plan } = batchFacts({ plan: { course: { kind: 'cancelled', afterMs: 0 } } });
  const facts = batchFacts({ final, changes: [{ atMs: T0 + 2_000, change: 'cancel', batch: RUNNING }] });
  return { ...facts, plan, ...over };
};

/** Paused from the first to the sixth second. */
export const pausedBatch = (over: Partial<BatchFacts> = {}): BatchFacts => ({
  ...batchFacts({
    plan: { course: { kind: 'paused', afterMs: 0, forMs: 20_000 } },
    final: finalBatch({ completed_at: SECOND + 60 }),
    changes: [
      { atMs: T0 + 1_000, change: 'pause', batch: { ...RUNNING, paused: true } },
      { atMs: T0 + 21_000, change: 'resume', batch: RUNNING },
    ],
    asked: [
      { atMs: T0 + 900, change: 'pause' },
      { atMs: T0 + 20_900, change: 'resume' },
    ],
  }),
  ...over,
});
