import {
  decisionListSchema,
  explanationSchema,
  jobListSchema,
  jobSchema,
  type CreateJobInput,
  type DecisionBody,
  type ExplanationBody,
  type JobBody,
  type JobListBody,
  type ListJobsQuery,
} from '@spillway/contracts';
import type { JobId } from '@spillway/core';
import { pollOnce, type Polled } from './polled.ts';
import { readAnswer } from './read-answer.ts';
import type { Transport } from './transport.ts';
import { waitUntilFinished, type WaitOptions } from './wait-until-finished.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface SubmitOptions extends CallOptions {
  /** Your name for this submission, up to 255 characters: with it a lost answer is asked for again, not paid twice. */
  readonly idempotencyKey?: string | undefined;
  /** Hold the answer up to this long for the finished job. */
  readonly waitSeconds?: number | undefined;
  /** Refuse (`queue-too-long`) rather than join a longer queue. */
  readonly maxQueueLength?: number | undefined;
}

export interface GetOptions extends CallOptions {
  /** Hold the answer up to this long for a change. */
  readonly waitSeconds?: number | undefined;
}

export interface PollOptions extends GetOptions {
  /** The ETag of the last answer: an unchanged resource is not sent again. */
  readonly etag?: string | undefined;
}

export type ListQuery = Partial<ListJobsQuery>;

export interface JobsClient {
  /** Submits a job. Retried only with an idempotency key. */
  submit(input: CreateJobInput, options?: SubmitOptions): Promise<JobBody>;
  get(id: JobId, options?: GetOptions): Promise<JobBody>;
  poll(id: JobId, options?: PollOptions): Promise<Polled<JobBody>>;
  /** One page, newest first. */
  list(query?: ListQuery, options?: CallOptions): Promise<JobListBody>;
  /** Every job that matches, page by page; `limit` is the size of a page. */
  listAll(query?: ListQuery, options?: CallOptions): AsyncGenerator<JobBody, void, undefined>;
  /** Asks for a job's end; a job that has ended stays as it is. */
  cancel(id: JobId, options?: CallOptions): Promise<JobBody>;
  /** Why the job went where it went, oldest first. */
  decisions(id: JobId, options?: CallOptions): Promise<readonly DecisionBody[]>;
  /** What would happen to this job if it were submitted now. Nothing is written. */
  explain(input: CreateJobInput, options?: CallOptions): Promise<ExplanationBody>;
  /** The job once it has ended, however it ended; throws `unfinished` when it has not by `timeoutMs`. */
  waitUntilFinished(id: JobId, options?: WaitOptions): Promise<JobBody>;
}

/** The calls about jobs over a transport. */
export function createJobsClient(transport: Transport): JobsClient {
  const poll: JobsClient['poll'] = (id, options) => pollOnce(transport, pathOf(id), jobSchema, options);
  const list: JobsClient['list'] = async (query = {}, { signal } = {}) =>
    readAnswer(
      await transport.send({ method: 'GET', path: '/v1/jobs', query, repeatable: true, signal }),
      jobListSchema,
    );
  return {
    poll,
    list,
    submit: async (input, { idempotencyKey, waitSeconds, maxQueueLength, signal } = {}) =>
      readAnswer(
        await transport.send({
          method: 'POST',
          path: '/v1/jobs',
          query: { max_queue_length: maxQueueLength },
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(input),
          repeatable: idempotencyKey !== undefined,
          waitSeconds,
          signal,
        }),
        jobSchema,
      ),
    get: async (id, { waitSeconds, signal } = {}) =>
      readAnswer(
        await transport.send({ method: 'GET', path: pathOf(id), repeatable: true, waitSeconds, signal }),
        jobSchema,
      ),
    listAll: async function* listAll(query = {}, options = {}) {
      for (let after = query.after; ;) {
        const page = await list({ ...query, ...(after === undefined ? {} : { after }) }, options);
        yield* page.data;
        if (!page.has_more || page.last_id === null) return;
        after = page.last_id;
      }
    },
    cancel: async (id, { signal } = {}) =>
      readAnswer(
        await transport.send({ method: 'POST', path: `${pathOf(id)}/cancel`, repeatable: true, signal }),
        jobSchema,
      ),
    decisions: async (id, { signal } = {}) => {
      const path = `${pathOf(id)}/decisions`;
      const answer = await transport.send({ method: 'GET', path, repeatable: true, signal });
      return readAnswer(answer, decisionListSchema).data;
    },
    explain: async (input, { signal } = {}) =>
      readAnswer(
        await transport.send({
          method: 'POST',
          path: '/v1/jobs/explain',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
          repeatable: true,
          signal,
        }),
        explanationSchema,
      ),
    waitUntilFinished: (id, options = {}) => waitUntilFinished(id, poll, options),
  };
}

const pathOf = (id: JobId): string => `/v1/jobs/${encodeURIComponent(id)}`;
