import type { BatchId, JobClass, JobId, JobStateKind, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import type { Keys } from '../keys.ts';
import type { JobReader } from './read-job.ts';
import type { JobRecord } from './job-record.ts';

export interface ListFilter {
  readonly states: readonly JobStateKind[] | undefined;
  readonly jobClass: JobClass | undefined;
  readonly batchId: BatchId | undefined;
  readonly after: JobId | undefined;
  readonly limit: number;
}

export interface JobPage {
  readonly jobs: readonly JobRecord[];
  readonly hasMore: boolean;
}

/** Records looked at for one page. A filter that matches little ends a page early and says there is more. */
const LONGEST_SCAN = 2000;
const CHUNK = 200;

/** A tenant's jobs, newest first. Ids sort by time, so a page begins where the last one ended whatever came since. */
export function createListJobs(redis: Redis, keys: Keys, reader: JobReader) {
  return async (tenantId: TenantId, filter: ListFilter): Promise<JobPage> => {
    const jobs: JobRecord[] = [];
    let after: string | undefined = filter.after;
    for (let scanned = 0; scanned < LONGEST_SCAN; scanned += CHUNK) {
      const ids = (await redis.zrange(
        keys.tenantJobs(tenantId),
        after === undefined ? '+' : `(${after}`,
        '-',
        'BYLEX',
        'REV',
        'LIMIT',
        0,
        CHUNK,
      )) as JobId[];
      for (const record of await reader.many(ids)) {
        if (!matches(record, filter)) continue;
        if (jobs.length === filter.limit) return { jobs, hasMore: true };
        jobs.push(record);
      }
      after = ids.at(-1);
      if (ids.length < CHUNK) return { jobs, hasMore: false };
    }
    return { jobs, hasMore: jobs.length > 0 };
  };
}

const matches = (record: JobRecord, filter: ListFilter): boolean =>
  (filter.states === undefined || filter.states.includes(record.state)) &&
  (filter.jobClass === undefined || filter.jobClass === record.lane.jobClass) &&
  (filter.batchId === undefined || filter.batchId === record.batchId);
