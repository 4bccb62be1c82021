import type { BatchId, Endpoint, JobId, RoutingStrategy } from '@spillway/core';
import type { Metadata, WebhookTarget } from '@spillway/contracts';
import { laneKey, type LaneName } from '../keys.ts';

/** What the plan reads of a job. */
export interface JobFeatures {
  readonly endpoint: Endpoint;
  readonly strategy: RoutingStrategy;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

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
  readonly attemptTimeoutMs: number;
  readonly retainMs: number;
  readonly features: JobFeatures;
  readonly description: JobDescription;
  readonly webhook: WebhookTarget | undefined;
  /** The body the model will get, as JSON text. */
  readonly request: string;
}

/** Short, because a record with a longer value than 64 bytes takes ten times the memory. */
const formatFeatures = ({ endpoint, strategy, inputTokens, outputTokens }: JobFeatures): string =>
  `${endpoint} ${strategy} ${inputTokens} ${outputTokens}`;

/** The other direction; undefined for a text this version did not write. */
export function parseFeatures(text: string): JobFeatures | undefined {
  const [endpoint, strategy, inputTokens, outputTokens, ...rest] = text.split(' ');
  if (outputTokens === undefined || rest.length > 0) return undefined;
  return {
    endpoint: endpoint as Endpoint,
    strategy: strategy as RoutingStrategy,
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
  };
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
  job.features.inputTokens + job.features.outputTokens,
  formatFeatures(job.features),
  JSON.stringify(job.description),
  job.webhook === undefined ? '' : JSON.stringify(job.webhook),
  job.request,
  place?.batchId ?? '',
  place?.line ?? '',
  place?.step ?? '',
];
