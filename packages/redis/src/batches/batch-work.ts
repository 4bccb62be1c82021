import type { BatchId, BatchStatus, BatchView, EpochMs, LineOutcome, TenantId } from '@spillway/core';
import type { EventType } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobArguments, type NewJob } from '../jobs/new-job.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { createStepWork, type StepWork } from './advance-lines.ts';
import type { BatchRecord, Part } from './batch-record.ts';
import { createReadOutcomes } from './line-outcomes.ts';
import { readPartsFrom } from './read-parts.ts';
import { toBatchRecord } from './read-record.ts';

/** The right to work on a batch, until it runs out; whoever takes it later has a higher fence, and this one wins nothing. */
export interface BatchLease {
  readonly batchId: BatchId;
  readonly fence: number;
}

export type BatchTaking =
  | { readonly kind: 'taken'; readonly lease: BatchLease }
  /** Nothing is due now; the next batch is in so many ms, as far as is known. */
  | { readonly kind: 'nothing-due'; readonly nextInMs: number | undefined };

/** A batch under a lease, as it stands now by Redis' clock. */
export interface LeasedBatch {
  readonly record: BatchRecord;
  readonly view: BatchView;
  /** Bytes of the requests between its input and its part files. */
  readonly windowBytes: number;
  /** Batches of the cell whose lines are being fed. */
  readonly running: number;
  /** Lines that all of them have between input and part files. */
  readonly allLines: number;
  readonly nowMs: EpochMs;
}

/** Lines that follow each other in the input, about to be fed. */
export interface LineFeed {
  readonly cursor: number;
  readonly nextCursor: number;
  readonly jobs: readonly LineJob[];
  /** Lines that have their outcome at once. */
  readonly outcomes: readonly LineOutcome[];
  /** Lines that take several steps, and how far they are, as JSON texts. */
  readonly steps: readonly { readonly line: number; readonly text: string }[];
}

/** A job that is a line, or one step of it. */
export interface LineJob {
  readonly line: number;
  readonly step: string | undefined;
  readonly job: NewJob;
}

/** `stopped`: cancelled or paused meanwhile. `moved`: those lines were fed before. */
export type FeedReply = 'fed' | 'lost' | 'moved' | 'stopped';

export interface OutlivedBatch {
  readonly id: BatchId;
  readonly tenantId: TenantId;
}

/** What a batch-worker does with batches. Every write takes the lease's fence, and changes nothing with an old one. */
export interface BatchWork extends StepWork {
  /** Takes the batch that has been due longest. */
  take(leaseMs: number): Promise<BatchTaking>;
  /** false: somebody else has it. */
  keep(lease: BatchLease, leaseMs: number): Promise<boolean>;
  /** @param dueInMs when it is to be looked at again; undefined: never, it has ended */
  release(lease: BatchLease, dueInMs: number | undefined): Promise<void>;
  /** Undefined when the lease is lost. */
  view(lease: BatchLease): Promise<LeasedBatch | undefined>;
  /** Moves the status and sets fields of the record; appends the event for its webhook. false: not in that status. */
  move(
    lease: BatchLease,
    from: BatchStatus,
    to: BatchStatus,
    event: EventType | undefined,
    fields?: Readonly<Record<string, string | number>>,
  ): Promise<boolean>;
  feed(lease: BatchLease, record: BatchRecord, lines: LineFeed): Promise<FeedReply>;
  /**
   * Notes that the document at the cursor is about to be read; gives how often that was begun by workers that never gave
   * the batch back, this time among them.
   */
  noteReading(lease: BatchLease, cursor: number): Promise<number>;
  /** Outcomes to write down, after the first `skip`, at most `count` and a few megabytes, as JSON texts of `LineOutcome`. */
  settled(batchId: BatchId, skip: number, count: number): Promise<readonly string[]>;
  /** They stand in a part file now. false: somebody else did it. */
  drained(lease: BatchLease, part: Part, used: Readonly<Record<string, number>>): Promise<boolean>;
  /** Does one thing to the jobs that have not ended, a part of them; gives the next cursor, undefined at the end. */
  sweepOpen(
    lease: BatchLease,
    mode: 'cancel' | 'hold' | 'resume',
    cursor: string,
  ): Promise<string | undefined>;
  parts(id: BatchId, from: number, count: number): Promise<readonly Part[]>;
  /** Batches that were kept for their time: their files are to be deleted, and then they are to be forgotten. */
  outlived(limit: number): Promise<readonly OutlivedBatch[]>;
  forget(id: BatchId): Promise<void>;
}

const takenSchema = z.tuple([z.string(), z.number()]);
const viewSchema = z.union([
  z.tuple([]),
  z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.array(z.string())]),
]);
/** Due batches looked at for one that nobody has. */
const LOOK = 256;
/** The rate is of about the last half minute. */
const RATE_MS = 30_000;
const SWEEP = 200;

export function createBatchWork(redis: Redis, keys: Keys): BatchWork {
  const script = (name: string) => defineScript(redis, keys, new URL(`./${name}.lua`, import.meta.url));
  const [takeScript, keepScript, releaseScript] = [
    script('take-batch'),
    script('keep-batch'),
    script('release-batch'),
  ];
  const [viewScript, moveScript, feedScript] = [
    script('view-batch'),
    script('move-batch'),
    script('feed-lines'),
  ];
  const noteScript = script('note-reading');
  const [drainScript, sweepScript, forgetScript] = [
    script('drain-lines'),
    script('sweep-open'),
    script('forget-batch'),
  ];
  const readOutcomes = createReadOutcomes(redis, keys);
  return {
    ...createStepWork(redis, keys),
    take: async (leaseMs) => {
      const [id, value] = takenSchema.parse(await takeScript(leaseMs, LOOK));
      if (id !== '') return { kind: 'taken', lease: { batchId: id as BatchId, fence: value } };
      return { kind: 'nothing-due', nextInMs: value < 0 ? undefined : value };
    },
    keep: async ({ batchId, fence }, leaseMs) => (await keepScript(batchId, fence, leaseMs)) === 1,
    release: async ({ batchId, fence }, dueInMs) => {
      await releaseScript(batchId, fence, dueInMs ?? '');
    },
    view: async ({ batchId, fence }) =>
      toLeased(batchId, viewSchema.parse(await viewScript(batchId, fence, RATE_MS))),
    move: async ({ batchId, fence }, from, to, event, fields = {}) =>
      (await moveScript(
        batchId,
        fence,
        from,
        to,
        event ?? '',
        ...Object.entries(fields).flatMap(([field, value]) => [field, value]),
      )) === 1,
    feed: async ({ batchId, fence }, { tenantId }, { cursor, nextCursor, jobs, outcomes, steps }) => {
      const reply = await feedScript(
        batchId,
        fence,
        tenantId,
        cursor,
        nextCursor,
        jobs.reduce((bytes, { job }) => bytes + Buffer.byteLength(job.request), 0),
        outcomes.length,
        steps.length,
        jobs.length,
        ...outcomes.flatMap((outcome) => [outcome.line, outcome.outcome, JSON.stringify(outcome)]),
        ...steps.flatMap(({ line, text }) => [line, text]),
        ...jobs.flatMap(({ line, step, job }) => jobArguments(job, { batchId, line, step })),
      );
      return z.enum(['fed', 'lost', 'moved', 'stopped']).parse(reply);
    },
    noteReading: async ({ batchId, fence }, cursor) =>
      z.number().parse(await noteScript(batchId, fence, cursor)),
    settled: async (batchId, skip, count) => {
      const entries = await redis.lrange(keys.batchSettled(batchId), skip, skip + count - 1);
      return readOutcomes(entries);
    },
    drained: async ({ batchId, fence }, part, used) =>
      (await drainScript(
        batchId,
        fence,
        part.from,
        part.count,
        JSON.stringify(part),
        ...Object.entries(used).flatMap(([counter, by]) => [counter, by]),
      )) === 1,
    sweepOpen: async ({ batchId, fence }, mode, cursor) => {
      const next = z.string().parse(await sweepScript(batchId, fence, mode, cursor, SWEEP));
      return next === '0' || next === '' ? undefined : next;
    },
    parts: (id, from, count) => readPartsFrom(redis, keys.batchParts(id), from, count),
    outlived: async (limit) => {
      const [seconds] = await redis.time();
      const nowMs = `${seconds}000`;
      const ids = await redis.zrange(keys.batchesRetained, '-inf', nowMs, 'BYSCORE', 'LIMIT', 0, limit);
      const found = await Promise.all(
        (ids as BatchId[]).map(async (id) => {
          // One that its tenant does not see any more has an owner still; one that another forgot has neither.
          const [tenant, owner] = await redis.hmget(keys.batch(id), 'tenant', 'owner');
          return { id, tenantId: (tenant || owner || '') as TenantId };
        }),
      );
      return found.filter(({ tenantId }) => tenantId !== '');
    },
    forget: async (id) => {
      await forgetScript(id);
    },
  };
}

function toLeased(id: BatchId, reply: z.infer<typeof viewSchema>): LeasedBatch | undefined {
  if (reply.length === 0) return undefined;
  const [nowMs, open, ended, settled, running, allLines, pairs] = reply;
  const fields = Object.fromEntries(
    Array.from({ length: pairs.length / 2 }, (_, index) => [pairs[2 * index], pairs[2 * index + 1]]),
  ) as Readonly<Record<string, string>>;
  const record = toBatchRecord(id, fields);
  if (record === undefined) return undefined;
  const count = (name: string): number => Number(fields[name] ?? 0);
  return {
    record,
    view: {
      status: record.status,
      paused: record.paused,
      held: z.enum(['none', 'some', 'all']).parse(fields['held'] ?? 'none'),
      validated: fields['validated'] === '1' || record.counts.total > 0,
      total: record.counts.total,
      cursor: count('cursor'),
      open,
      ended,
      settled,
      drained: count('drained'),
      settledBytes: count('settled_bytes'),
      drainedAtMs: count('drained_at_ms'),
      expiresAtMs: record.expiresAtMs,
    },
    windowBytes: count('window_bytes'),
    running,
    allLines,
    nowMs,
  };
}
