import type { BatchId, JobId } from '@spillway/core';
import type { Metadata, WebhookTarget } from '@spillway/contracts';
import { laneKey, type LaneName } from '../keys.ts';
import { formatFeatures, formatPrefix, type JobFeatures } from './job-features.ts';

/** What a reader of the job is told beside its life. */
export interface JobDescription {
  readonly findings: readonly string[];
  readonly metadata: Metadata | null;
  /** What the line of a batch is called there. */
  readonly customId?: string;
}

/** An admitted job, about to be written. Lengths of time in ms; instants are set by Redis' clock. */
export interface NewJob {
  readonly id: JobId;
  readonly lane: LaneName;
  readonly startWithinMs: number | undefined;
  readonly deadlineMs: number;
  /** The ageing bound of its class: in its lane it stands as if it were due by then, when its deadline is later. */
  readonly maxWaitMs: number;
  readonly attemptTimeoutMs: number;
  readonly retainMs: number;
  readonly features: JobFeatures;
  /** It may use the cloud whatever stands before it, so a plan looks at it when it comes, whatever its class. */
  readonly cloudAtOnce?: boolean;
  readonly description: JobDescription;
  readonly webhook: WebhookTarget | undefined;
  /** The body the model will get, as JSON text. */
  readonly request: string;
}

/** Where a job of a batch belongs. */
export interface BatchPlace {
  readonly batchId: BatchId;
  /** Number of its line in the input, from 0. */
  readonly line: number;
  /** Which step of its line it is; undefined: the whole of it. */
  readonly step: string | undefined;
}

/** In the order of `script/lib/submit.lua`. */
export const jobArguments = (job: NewJob, place: BatchPlace | undefined): readonly (string | number)[] => [
  job.id,
  laneKey(job.lane),
  job.startWithinMs ?? 0,
  job.deadlineMs,
  job.attemptTimeoutMs,
  job.retainMs,
  job.features.inputTokens,
  formatFeatures(job.features),
  JSON.stringify(job.description),
  job.webhook === undefined ? '' : JSON.stringify(job.webhook),
  job.request,
  place?.batchId ?? '',
  place?.line ?? '',
  place?.step ?? '',
  job.maxWaitMs,
  formatPrefix(job.features.prefix),
  job.cloudAtOnce === true ? 1 : '',
];
