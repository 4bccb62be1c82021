import type { BatchId, JobId, JsonObject, LineOutcome } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobArguments } from '../jobs/new-job.ts';
import { createJobReader } from '../jobs/read-job.ts';
import type { JobResult } from '../jobs/settle-job.ts';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import type { BatchRecord } from './batch-record.ts';
import type { BatchLease, LineJob } from './batch-work.ts';
import { readOutcomes } from './line-outcomes.ts';

/** A job that was one step of a line, and has ended. */
interface EndedStep {
  readonly jobId: JobId;
  /** Undefined for a job that the store does not hold any more, or that was no step. */
  readonly came:
    | {
        readonly step: string;
        /** What it would be if it were the whole line. */
        readonly result: LineOutcome;
      }
    | undefined;
}

/** What ended steps lead to. */
export interface LineAdvance {
  /** The ended jobs that were looked at, as they stood first in the list. */
  readonly taken: readonly JobId[];
  /** Of lines that have ended. */
  readonly outcomes: readonly LineOutcome[];
  /** Lines that go on, and how far they are, as JSON texts. */
  readonly steps: readonly { readonly line: number; readonly text: string }[];
  /** Jobs that nobody needs any more; those that have not ended are cancelled. */
  readonly unneeded: readonly JobId[];
  /** Jobs whose result is needed later, and whose request is not. */
  readonly answered: readonly JobId[];
  /** Their deadline is that of the batch. */
  readonly jobs: readonly LineJob[];
}

/** `moved`: those jobs were taken before. */
type AdvanceReply = 'advanced' | 'lost' | 'moved';

/** What a batch-worker does with lines that take several steps. */
export interface StepWork {
  /** The first ended steps whose lines wait for their next ones, at most `count`. */
  ended(batchId: BatchId, count: number): Promise<readonly EndedStep[]>;
  /** How far lines are, as JSON texts; those that have their outcome, or none of their own yet, are left out. */
  steps(batchId: BatchId, lines: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** What ended jobs were answered, in the order asked for; undefined for one that was not. */
  answers(ids: readonly JobId[]): Promise<readonly (JsonObject | undefined)[]>;
  /** What a job asked for; undefined when it is gone. */
  request(id: JobId): Promise<JsonObject | undefined>;
  /** Everything of `advance`, or nothing. */
  advance(
    lease: BatchLease,
    record: Pick<BatchRecord, 'tenantId'>,
    advance: LineAdvance,
  ): Promise<AdvanceReply>;
}

export function createStepWork(redis: Redis, keys: Keys): StepWork {
  const script = defineScript(redis, keys, new URL('./advance-lines.lua', import.meta.url));
  const reader = createJobReader(redis, keys);
  return {
    ended: async (batchId, count) => {
      const ids = (await redis.lrange(keys.batchEnded(batchId), 0, count - 1)) as JobId[];
      const steps = await Promise.all(ids.map((id) => redis.hget(keys.job(id), 'step')));
      const present = ids.filter((_id, index) => typeof steps[index] === 'string');
      const results = new Map(
        (await readOutcomes(present, reader))
          .map((text) => JSON.parse(text) as LineOutcome)
          .map((result) => [result.jobId, result]),
      );
      return ids.map((jobId, index) => {
        const [step, result] = [steps[index], results.get(jobId)];
        return { jobId, came: step && result ? { step, result } : undefined };
      });
    },
    steps: async (batchId, lines) => {
      if (lines.length === 0) return new Map();
      const texts = await redis.hmget(keys.batchSteps(batchId), ...lines.map(String));
      return new Map(
        lines.flatMap((line, index) => {
          const text = texts[index];
          return typeof text === 'string' ? [[line, text] as const] : [];
        }),
      );
    },
    answers: async (ids) => {
      if (ids.length === 0) return [];
      const texts = await redis.mget(...ids.map((id) => keys.result(id)));
      return texts.map((text) => (text === null ? undefined : (JSON.parse(text) as JobResult).body));
    },
    request: async (id) => {
      const text = await redis.get(keys.request(id));
      return text === null ? undefined : (JSON.parse(text) as JsonObject);
    },
    advance: async (
      { batchId, fence },
      { tenantId },
      { taken, outcomes, steps, unneeded, answered, jobs },
    ) => {
      const reply = await script(
        batchId,
        fence,
        tenantId,
        taken.length,
        outcomes.length,
        steps.length,
        unneeded.length,
        answered.length,
        jobs.length,
        jobs.reduce((bytes, { job }) => bytes + Buffer.byteLength(job.request), 0),
        ...taken,
        ...outcomes.flatMap((outcome) => [outcome.line, outcome.outcome, JSON.stringify(outcome)]),
        ...steps.flatMap(({ line, text }) => [line, text]),
        ...unneeded,
        ...answered,
        ...jobs.flatMap(({ line, step, job }) => jobArguments(job, { batchId, line, step })),
      );
      return z.enum(['advanced', 'lost', 'moved']).parse(reply);
    },
  };
}
