export { createClient, type ClientOptions, type Health, type SpillwayClient } from './create-client.ts';
export type {
  BatchListQuery,
  CreateBatchOptions,
  DocumentBatchesClient,
  DocumentUpload,
  ResultsOptions,
} from './document-batches.ts';
export type { CallOptions, GetOptions, JobsClient, ListQuery, PollOptions, SubmitOptions } from './jobs.ts';
export type { Polled } from './polled.ts';
export { type RetryPolicy } from './retry-policy.ts';
export { SpillwayError, type SpillwayErrorCode } from './spillway-error.ts';
export type { WaitOptions } from './wait-until-finished.ts';
