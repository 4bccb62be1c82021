import type {
  BackendId,
  BatchId,
  EpochMs,
  JobId,
  JobStateKind,
  JsonObject,
  TenantId,
  Usage,
} from '@spillway/core';
import { type LaneName, parseLaneKey } from '../keys.ts';
import { parseFeatures, type RecordedFeatures } from './job-features.ts';
import type { BatchPlace, JobDescription, NewJob } from './new-job.ts';
import type { JobResult, ServedBy } from './settle-job.ts';

export interface AttemptRecord {
  readonly number: number;
  /** Of its lease; undefined in records of earlier versions. */
  readonly fence: number | undefined;
  readonly backendId: BackendId;
  readonly startedAtMs: EpochMs;
  readonly end: AttemptEnd | undefined;
}

interface AttemptEnd {
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'expired' | 'worker_lost';
  readonly finishedAtMs: EpochMs;
  readonly code: string | undefined;
  readonly detail: string | undefined;
  /** When the plan that dispatched it expected its answer. */
  readonly predictedFinishAtMs: EpochMs | undefined;
  /** How much later than that it came; of completed attempts only. */
  readonly predictionErrorMs: number | undefined;
  /** How much longer its answer was than that plan took it for; of completed attempts whose tokens were counted only. */
  readonly outputErrorTokens: number | undefined;
  /** What the cheapest cloud backend would have taken for it; of completed attempts on local hardware only. */
  readonly counterfactualUsd: number | undefined;
}

/** A job as it stands in the store, without its request. */
export interface JobRecord {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly lane: LaneName;
  readonly state: JobStateKind;
  /** Rises with every change: the ETag. */
  readonly version: number;
  readonly fence: number;
  readonly features: RecordedFeatures;
  readonly description: JobDescription;
  /** Where it belongs, when it is a job of a batch. */
  readonly place: BatchPlace | undefined;
  readonly createdAtMs: EpochMs;
  readonly deadlineAtMs: EpochMs;
  readonly startedAtMs: EpochMs | undefined;
  readonly finishedAtMs: EpochMs | undefined;
  /** When the plan that dispatched it expected its answer; only while it is dispatched or running. */
  readonly predictedFinishAtMs: EpochMs | undefined;
  readonly attempts: readonly AttemptRecord[];
  readonly result: { readonly statusCode: number; readonly body: JsonObject } | undefined;
  readonly usage: Usage | undefined;
  readonly servedBy: ServedBy | undefined;
  readonly error: { readonly code: string; readonly detail: string } | undefined;
}

/** The fields read for a record, in order; the request is not among them: it may be large, and readers sent it. */
export const RECORD_FIELDS = [
  'state',
  'version',
  'fence',
  'tenant',
  'lane',
  'features',
  'description',
  'batch',
  'line',
  'step',
  'created_at_ms',
  'deadline_at_ms',
  'first_started_at_ms',
  'finished_at_ms',
  'predicted_finish_at_ms',
  'error_code',
  'error_detail',
] as const;

/** Undefined for a job that does not exist. Throws on a record this code did not write. */
export function toJobRecord(
  id: JobId,
  values: readonly (string | null)[],
  attempts: Readonly<Record<string, string>>,
  result: string | null,
): JobRecord | undefined {
  const field = (name: (typeof RECORD_FIELDS)[number]): string | undefined =>
    values[RECORD_FIELDS.indexOf(name)] ?? undefined;
  const must = (name: (typeof RECORD_FIELDS)[number]): string => {
    const value = field(name);
    if (value === undefined) throw new Error(`the record of ${id} has no ${name}`);
    return value;
  };
  const number = (name: (typeof RECORD_FIELDS)[number]): number | undefined => {
    const value = field(name);
    return value === undefined ? undefined : Number(value);
  };
  if (field('state') === undefined) return undefined;
  const features = parseFeatures(must('features'));
  if (features === undefined) throw new Error(`the record of ${id} has features of another version`);
  const completed = result === null ? undefined : (JSON.parse(result) as JobResult);
  const code = field('error_code');
  const state = must('state') as JobStateKind;
  return {
    id,
    tenantId: must('tenant') as TenantId,
    lane: parseLaneKey(must('lane')),
    state,
    version: Number(must('version')),
    fence: Number(must('fence')),
    features,
    description: JSON.parse(must('description')) as JobDescription,
    place: toPlace(field('batch'), field('line'), field('step')),
    createdAtMs: Number(must('created_at_ms')),
    deadlineAtMs: Number(must('deadline_at_ms')),
    startedAtMs: number('first_started_at_ms'),
    finishedAtMs: number('finished_at_ms'),
    // A job that waits again still has that of its last attempt.
    predictedFinishAtMs:
      state === 'dispatched' || state === 'running' ? number('predicted_finish_at_ms') : undefined,
    attempts: toAttempts(attempts),
    result: completed && { statusCode: completed.statusCode, body: completed.body },
    usage: completed?.usage,
    servedBy: completed?.servedBy,
    error: code === undefined ? undefined : { code, detail: field('error_detail') ?? '' },
  };
}

/** What an answer shows of a job that was just written: kept with the idempotency key, longer than the job maybe is. */
export interface FirstAnswer extends Pick<NewJob, 'lane' | 'description' | 'deadlineMs'> {
  readonly features: RecordedFeatures;
}

export function firstAnswer({ lane, features, description, deadlineMs }: NewJob): FirstAnswer {
  const { prefix: _, ...recorded } = features;
  return { lane, features: recorded, description, deadlineMs };
}

/** What `script/lib/submit.lua` writes of a new job at that instant, so that its answer needs no reading. */
export const newJobRecord = (job: FirstAnswer & { readonly id: JobId }, nowMs: EpochMs): JobRecord => ({
  id: job.id,
  tenantId: job.lane.tenantId,
  lane: job.lane,
  state: 'queued',
  version: 1,
  fence: 0,
  features: job.features,
  description: job.description,
  place: undefined,
  createdAtMs: nowMs,
  deadlineAtMs: nowMs + job.deadlineMs,
  startedAtMs: undefined,
  finishedAtMs: undefined,
  predictedFinishAtMs: undefined,
  attempts: [],
  result: undefined,
  usage: undefined,
  servedBy: undefined,
  error: undefined,
});

function toPlace(
  batch: string | undefined,
  line: string | undefined,
  step: string | undefined,
): BatchPlace | undefined {
  return batch === undefined ? undefined : { batchId: batch as BatchId, line: Number(line), step };
}

function toAttempts(fields: Readonly<Record<string, string>>): readonly AttemptRecord[] {
  return Object.entries(fields)
    .filter(([name]) => !name.includes(':'))
    .map(([name, started]): AttemptRecord => {
      const begin = JSON.parse(started) as { backend: string; fence?: number; started_at_ms: number };
      const ended = fields[`${name}:end`];
      return {
        number: Number(name),
        fence: begin.fence,
        backendId: begin.backend as BackendId,
        startedAtMs: begin.started_at_ms,
        end: ended === undefined ? undefined : toEnd(ended),
      };
    })
    .toSorted((a, b) => a.number - b.number);
}

function toEnd(text: string): AttemptEnd {
  const end = JSON.parse(text) as {
    outcome: AttemptEnd['outcome'];
    finished_at_ms: number;
    code?: string;
    detail?: string;
    predicted_finish_at_ms?: number;
    prediction_error_ms?: number;
    output_error_tokens?: number;
    counterfactual_usd?: number | null;
  };
  return {
    outcome: end.outcome,
    finishedAtMs: end.finished_at_ms,
    code: end.code,
    detail: end.detail,
    predictedFinishAtMs: end.predicted_finish_at_ms,
    predictionErrorMs: end.prediction_error_ms,
    outputErrorTokens: end.output_error_tokens,
    counterfactualUsd: end.counterfactual_usd ?? undefined,
  };
}
