import { isTerminal, type JobId } from '@spillway/core';
import type { JobReader, JobRecord } from '@spillway/redis';
import type { EndedJobs } from './ended-jobs.ts';

/** The record of a job, at the latest after `seconds`, earlier when the job ends; undefined when there is none. */
export type AwaitEnd = (id: JobId, seconds: number, signal: AbortSignal) => Promise<JobRecord | undefined>;

/** A signal may be lost; the record is looked at this often all the same. */
const LOOK_EVERY_MS = 5000;

export function createAwaitEnd(reader: JobReader, ended: EndedJobs): AwaitEnd {
  return async (id, seconds, signal) => {
    const untilMs = performance.now() + seconds * 1000;
    for (;;) {
      const leftMs = untilMs - performance.now();
      const stopWaiting = new AbortController();
      // Listening begins before the record is read, so an end between the two is not missed.
      const signalled =
        leftMs > 0
          ? ended.wait(id, Math.min(leftMs, LOOK_EVERY_MS), AbortSignal.any([signal, stopWaiting.signal]))
          : undefined;
      try {
        const record = await reader.one(id);
        if (record === undefined || isTerminal(record.state) || signalled === undefined || signal.aborted) {
          return record;
        }
        await signalled;
      } finally {
        stopWaiting.abort();
      }
    }
  };
}
