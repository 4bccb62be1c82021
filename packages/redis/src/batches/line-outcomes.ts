import { type JobId, type LineOutcome, isJsonObject, type Trigger } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import type { JobRecord } from '../jobs/job-record.ts';
import { createJobReader, type JobReader } from '../jobs/read-job.ts';

/**
 * Reads outcomes from the first entry on, as many as hold no more than a few megabytes of answers together, and one in
 * any case.
 */
export function createReadOutcomes(redis: Redis, keys: Keys) {
  const reader = createJobReader(redis, keys);
  return async (entries: readonly string[]): Promise<readonly string[]> =>
    readOutcomes(await takeWithin(redis, keys, entries), reader);
}

/**
 * What settled lines came to, as JSON texts of `LineOutcome`, from the entries of `batch:<id>:settled`: a job, or the
 * outcome itself of a line that was none. Throws when the store lost a job that an entry names.
 */
export async function readOutcomes(
  entries: readonly string[],
  reader: JobReader,
): Promise<readonly string[]> {
  const jobs = entries.filter(isJob);
  const records = new Map(
    (await reader.many(jobs)).map((record): [string, JobRecord] => [record.id, record]),
  );
  const triggers = await readTriggers([...records.values()], reader);
  return entries.map((entry) => {
    if (!isJob(entry)) return entry;
    const record = records.get(entry);
    if (record === undefined) throw new Error(`the store does not hold ${entry} any more`);
    return JSON.stringify(toLineOutcome(record, triggers.get(record.id)));
  });
}

/** Of answers read at once: one may be larger, and is then read alone. */
const MOST_BYTES = 4_194_304;

/** As many entries as hold no more than a few megabytes of answers together; one in any case. */
async function takeWithin(redis: Redis, keys: Keys, entries: readonly string[]): Promise<readonly string[]> {
  const sizes = await Promise.all(
    entries.map(async (entry) => (isJob(entry) ? redis.strlen(keys.result(entry)) : entry.length)),
  );
  let bytes = 0;
  const end = sizes.findIndex((size, index) => {
    bytes += size;
    return index > 0 && bytes > MOST_BYTES;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

const isJob = (entry: string): entry is JobId => entry.startsWith('job_');

/** Why jobs ran in the cloud: what made their last assignment overflow. */
async function readTriggers(
  records: readonly JobRecord[],
  reader: JobReader,
): Promise<ReadonlyMap<JobId, string>> {
  const overflowed = records.filter(({ servedBy }) => servedBy?.location === 'cloud');
  const found = await Promise.all(
    overflowed.map(async ({ id }): Promise<readonly [JobId, string | undefined]> => {
      const decisions = (await reader.decisions(id)).map((text): unknown => JSON.parse(text));
      const last = decisions.filter(isJsonObject).findLast(({ action }) => action === 'assign');
      return [id, typeof last?.['trigger'] === 'string' ? last['trigger'] : undefined];
    }),
  );
  return new Map(found.flatMap(([id, trigger]) => (trigger === undefined ? [] : [[id, trigger] as const])));
}

/** Throws on a job that has not ended or is no line of a batch. */
function toLineOutcome(job: JobRecord, trigger: string | undefined): LineOutcome {
  const { state, place, finishedAtMs } = job;
  if (state === 'queued' || state === 'dispatched' || state === 'running' || finishedAtMs === undefined) {
    throw new Error(`${job.id} has not ended`);
  }
  if (place === undefined) throw new Error(`${job.id} is no line of a batch`);
  return {
    line: place.line,
    customId: job.description.customId ?? '',
    outcome: state,
    jobId: job.id,
    statusCode: job.result?.statusCode,
    body: job.result?.body,
    error: job.error,
    usage: job.usage,
    servedBy: job.servedBy,
    attempts: job.attempts.length,
    why: whyServed(job, trigger),
    endedAtMs: finishedAtMs,
    tookMs: finishedAtMs - job.createdAtMs,
    document: undefined,
  };
}

/** Where a job ran and why, in about three words; undefined when it did not. */
function whyServed(job: JobRecord, trigger: string | undefined): string | undefined {
  if (job.servedBy === undefined) return undefined;
  if (job.lane.pinned) {
    return job.description.findings.length > 0
      ? `pinned: ${job.description.findings.join(', ')}`
      : 'pinned on request';
  }
  if (job.servedBy.location === 'local') return 'local had room';
  return (trigger !== undefined && SENT_AWAY[trigger]) || 'in the cloud';
}

const SENT_AWAY: Readonly<Partial<Record<string, string>>> = {
  slack: 'local too late',
  displaced: 'made room for pinned',
  depth: 'local queue full',
  'local-down': 'local down',
  'cloud-only': 'only the cloud can',
  strategy: 'cloud asked for',
} satisfies Record<Exclude<Trigger, 'local'>, string>;
