import type { BatchId, LineOutcome } from '@spillway/core';

/** OpenAI's id of a line, the same whenever it is made. */
export const batchRequestId = (batchId: BatchId, line: number): string =>
  `batch_req_${batchId.slice('batch_'.length)}_${line}`;

/** What a client quotes when it asks about an answer: the job, which `GET /v1/jobs/{id}` knows, when there was one. */
export const requestId = (batchId: BatchId, { jobId, line }: LineOutcome): string =>
  jobId ?? `req_${batchId.slice('batch_'.length)}_${line}`;
