import { prepareJob } from '@spillway/admission';
import { batchPaths } from '@spillway/batches';
import type { BlobStore } from '@spillway/blobs';
import { createJobRequestSchema } from '@spillway/contracts';
import type { BatchId, BatchStatus, JobId, LineOutcome, TenantId } from '@spillway/core';
import { type BatchLease, createBatchWork, type LeasedBatch, type LineFeed } from '@spillway/redis';
import type { TestStore } from '@spillway/redis/testing';
import { chat, testConfig } from './samples.ts';

/** Does to batches what a batch-worker would, at once and on request. */
export interface BatchLife {
  /** Its input is in order, and has so many lines. */
  begin(id: BatchId, total: number): Promise<void>;
  /** Its input is not. */
  reject(id: BatchId, mistakes: readonly object[]): Promise<void>;
  /** The next line is a job, which waits in its lane. */
  feed(id: BatchId, jobId: JobId): Promise<void>;
  /** The next lines have these outcomes. */
  settle(id: BatchId, ...outcomes: readonly LineOutcome[]): Promise<void>;
  /** What has settled goes into a part file. */
  drain(id: BatchId): Promise<void>;
  /** Everything that settled is its journal; nothing is left of its part files. */
  end(id: BatchId, fields?: Readonly<Record<string, string>>): Promise<void>;
}

const LEASE_MS = 600_000;
const MOST_LINES = 1000;

export function createBatchLife(
  { redis, keys }: TestStore,
  blobs: BlobStore,
  tenantId = 'acme' as TenantId,
): BatchLife {
  const work = createBatchWork(redis, keys);
  const leases = new Map<BatchId, BatchLease>();
  const signal = new AbortController().signal;
  const own = async (id: BatchId): Promise<LeasedBatch & { readonly lease: BatchLease }> => {
    while (!leases.has(id)) {
      const taking = await work.take(LEASE_MS);
      if (taking.kind !== 'taken') throw new Error(`${id} is not due`);
      leases.set(taking.lease.batchId, taking.lease);
    }
    const lease = leases.get(id);
    const batch = lease && (await work.view(lease));
    if (lease === undefined || batch === undefined) throw new Error(`the lease of ${id} is lost`);
    return { ...batch, lease };
  };
  const move = async (id: BatchId, to: BatchStatus, fields: Readonly<Record<string, string | number>>) => {
    const { lease, record } = await own(id);
    if (!(await work.move(lease, record.status, to, undefined, fields)))
      throw new Error(`${id} did not move`);
  };
  const feed = async (id: BatchId, lines: number, what: Pick<LineFeed, 'jobs' | 'outcomes'>) => {
    const { lease, record, view } = await own(id);
    const { cursor } = view;
    const reply = await work.feed(lease, record, {
      ...what,
      cursor,
      nextCursor: cursor + lines,
      steps: [],
    });
    if (reply !== 'fed') throw new Error(`not fed: ${reply}`);
  };
  const write = async (path: string, texts: readonly string[]): Promise<void> => {
    await blobs.write({ tenantId, path }, [Buffer.from(texts.map((text) => `${text}\n`).join(''))], {
      signal,
    });
  };
  return {
    begin: (id, total) => move(id, 'in_progress', { total }),
    reject: (id, mistakes) => move(id, 'failed', { mistakes: JSON.stringify(mistakes) }),
    feed: async (id, jobId) => {
      const request = createJobRequestSchema.parse(chat('Hello', { class: 'batch' }));
      const job = prepareJob(request, jobId, tenantId, testConfig());
      if (!job.ok) throw new Error(job.error.detail);
      const { view } = await own(id);
      await feed(id, 1, { jobs: [{ line: view.cursor, step: undefined, job: job.value }], outcomes: [] });
    },
    settle: (id, ...outcomes) => feed(id, outcomes.length, { jobs: [], outcomes }),
    drain: async (id) => {
      const { lease, view } = await own(id);
      const texts = await work.settled(id, 0, MOST_LINES);
      const part = { from: view.drained, count: texts.length, path: batchPaths(id).part(view.drained, '1') };
      await write(part.path, texts);
      if (!(await work.drained(lease, part, {}))) throw new Error(`${id} was not drained`);
    },
    end: async (id, fields = {}) => {
      const { record } = await own(id);
      const texts: string[] = [];
      for (const { path } of await work.parts(id, 0, MOST_LINES)) {
        const read = await blobs.read({ tenantId, path }, { signal });
        const bytes = read === undefined ? [] : await Array.fromAsync(read.body);
        texts.push(...Buffer.concat(bytes).toString('utf8').split('\n').slice(0, -1));
      }
      texts.push(...(await work.settled(id, 0, MOST_LINES)));
      await write(batchPaths(id).journal, texts);
      if (record.status === 'in_progress') await move(id, 'finalizing', {});
      await move(id, record.status === 'cancelling' ? 'cancelled' : 'completed', fields);
      await blobs.deletePrefix({ tenantId, path: `${batchPaths(id).prefix}/parts` }, { signal });
    },
  };
}

/** How a line ended: completed with a short answer, unless said otherwise. */
export const sampleOutcome = (line: number, changes: Partial<LineOutcome> = {}): LineOutcome => ({
  line,
  customId: `line-${line}`,
  outcome: 'completed',
  jobId: undefined,
  statusCode: 200,
  body: { answer: line },
  error: undefined,
  usage: undefined,
  servedBy: { backend: 'gpu-0', location: 'local', model: 'small', simulated: true },
  attempts: 1,
  why: 'local had room',
  endedAtMs: Date.UTC(2030, 0, 1),
  tookMs: 1500,
  document: undefined,
  ...changes,
});

/** The same, failed. */
export const failedOutcome = (line: number): LineOutcome =>
  sampleOutcome(line, {
    outcome: 'failed',
    statusCode: undefined,
    body: undefined,
    error: { code: 'backend-timeout', detail: 'it took too long' },
  });
