import { randomUUID } from 'node:crypto';
import { type BatchId, idFromUuid, type LineOutcome } from '@spillway/core';
import { newJob, tenant } from '../jobs/job-life.fixtures.ts';
import type { NewJob } from '../jobs/new-job.ts';
import type { TestStore } from '../testing/open-test-store.ts';
import type { BatchDescription, BatchRecord, NewBatch, Part } from './batch-record.ts';
import { createBatchStore } from './batch-store.ts';
import { type BatchLease, createBatchWork, type LeasedBatch, type LineFeed } from './batch-work.ts';

export const description: BatchDescription = {
  face: 'openai',
  endpoint: '/v1/chat/completions',
  completionWindow: '24h',
  metadata: { name: 'evening' },
  inputPath: 'files/input',
  inputFileId: undefined,
  outputExpiresAfterSeconds: undefined,
  retryOf: undefined,
  options: {},
};
export const webhook = { url: 'http://127.0.0.1:9/' };

export const newBatch = (changes: Partial<NewBatch> = {}): NewBatch => ({
  id: idFromUuid('BatchId', randomUUID()),
  tenantId: tenant,
  description,
  webhook: undefined,
  windowMs: 60_000,
  retainMs: 60_000,
  ...changes,
});

/** The outcome of a line that never became a job. */
export const unfit = (line: number): LineOutcome => ({
  line,
  customId: `custom-${line}`,
  outcome: 'failed',
  jobId: undefined,
  statusCode: undefined,
  body: undefined,
  error: { code: 'invalid-request', detail: 'no messages' },
  usage: undefined,
  servedBy: undefined,
  attempts: 0,
  why: undefined,
  endedAtMs: 1,
  tookMs: undefined,
  document: undefined,
});

/** A batch whose lines are fed, and the right to work on it. */
export interface Begun {
  readonly id: BatchId;
  readonly lease: BatchLease;
  readonly record: BatchRecord;
}

/** Both sides of the batches of a cell, and the shortest ways through a batch's life. */
export function openBatches({ redis, keys }: TestStore) {
  const store = createBatchStore(redis, keys);
  const work = createBatchWork(redis, keys);
  const batches = {
    store,
    work,
    create: async (changes: Partial<NewBatch> = {}): Promise<BatchRecord> => {
      const creation = await store.create(newBatch(changes), undefined);
      if (creation.kind !== 'created') throw new Error(creation.kind);
      return creation.record;
    },
    take: async (leaseMs = 60_000): Promise<BatchLease> => {
      const taking = await work.take(leaseMs);
      if (taking.kind !== 'taken') throw new Error('no batch is due');
      return taking.lease;
    },
    view: async (lease: BatchLease): Promise<LeasedBatch> => {
      const leased = await work.view(lease);
      if (leased === undefined) throw new Error('somebody else has it');
      return leased;
    },
    /** A batch in progress; the only one that is due. */
    begin: async (total: number, changes: Partial<NewBatch> = {}): Promise<Begun> => {
      const { id } = await batches.create(changes);
      const lease = await batches.take();
      await work.move(lease, 'validating', 'in_progress', undefined, { validated: 1, total });
      const { record } = await batches.view(lease);
      return { id, lease, record };
    },
    /** The next lines as jobs, each made with the changes for its place among them. */
    feed: async (
      { lease, record }: Begun,
      count: number,
      changes: (index: number) => Partial<NewJob> = () => ({}),
      step?: string,
    ): Promise<readonly NewJob[]> => {
      const { cursor } = (await batches.view(lease)).view;
      const jobs = Array.from({ length: count }, (_, index) => newLine(cursor + index, changes(index)));
      const reply = await work.feed(lease, record, feedOf(cursor, jobs, { step }));
      if (reply !== 'fed') throw new Error(reply);
      return jobs;
    },
    /** Writes the first settled lines down, in one part file. */
    drain: async ({ id, lease }: Begun, count: number, used: Record<string, number> = {}): Promise<Part> => {
      const { drained } = (await batches.view(lease)).view;
      const part = { from: drained, count, path: `batches/${id}/parts/${drained}` };
      if (!(await work.drained(lease, part, used))) throw new Error('somebody else did it');
      return part;
    },
    /** Does it to all jobs that have not ended. */
    sweep: async (lease: BatchLease, mode: 'cancel' | 'hold' | 'resume'): Promise<void> => {
      let cursor: string | undefined = '0';
      while (cursor !== undefined) cursor = await work.sweepOpen(lease, mode, cursor);
    },
    /** The numbers of the settled lines that are in no part file. */
    settledLines: async (id: BatchId): Promise<readonly number[]> =>
      (await work.settled(id, 0, 1000)).map((text) => (JSON.parse(text) as LineOutcome).line),
    /** The names of all keys that belong to the batch, without what they begin with. */
    keysOf: async (id: BatchId): Promise<readonly string[]> =>
      (await redis.keys(`${keys.batch(id)}*`)).map((name) => name.slice(keys.batch(id).length)).toSorted(),
  };
  return batches;
}

export const newLine = (line: number, changes: Partial<NewJob> = {}): NewJob =>
  newJob({
    lane: { jobClass: 'batch', modelGroup: 'llama3.2:3b', tenantId: tenant, pinned: false },
    description: { findings: [], metadata: null, customId: `custom-${line}` },
    ...changes,
  });

/** Lines that follow each other from the cursor on, as jobs. */
export const feedOf = (
  cursor: number,
  jobs: readonly NewJob[],
  { step, ...changes }: Partial<LineFeed> & { readonly step?: string | undefined } = {},
): LineFeed => ({
  cursor,
  nextCursor: cursor + jobs.length,
  jobs: jobs.map((job, index) => ({ line: cursor + index, step, job })),
  outcomes: [],
  steps: [],
  ...changes,
});
