import type { BatchId, JobClass, JobId, JobStateKind, TenantId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { type Keys, parseLaneKey } from '../keys.ts';
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
  /** Where the next page begins; undefined when this was the last one. */
  readonly next: JobId | undefined;
}

/** Jobs looked at for one page. A filter that matches little ends a page early, and the next one goes on from there. */
const LONGEST_SCAN = 20_000;
const CHUNK = 500;

/** A tenant's jobs, newest first. Ids sort by time, so a page begins where the last one ended whatever came since. */
export function createListJobs(redis: Redis, keys: Keys, reader: JobReader) {
  const olderThan = async (tenantId: TenantId, id: JobId | undefined): Promise<readonly JobId[]> =>
    (await redis.zrange(
      keys.tenantJobs(tenantId),
      id === undefined ? '+' : `(${id}`,
      '-',
      'BYLEX',
      'REV',
      'LIMIT',
      0,
      CHUNK,
    )) as JobId[];

  /** Those that match, by the few fields a filter asks for: results are only read for what is shown. */
  const matching = async (ids: readonly JobId[], filter: ListFilter): Promise<readonly JobId[]> => {
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hmget(keys.job(id), 'state', 'lane', 'batch');
    const replies = (await pipeline.exec()) ?? [];
    return ids.filter((_id, index) => {
      const [error, values] = replies[index] ?? [];
      if (error) throw error;
      return matches(values as readonly (string | null)[], filter);
    });
  };

  return async (tenantId: TenantId, filter: ListFilter): Promise<JobPage> => {
    const found: JobId[] = [];
    let last = filter.after;
    let end = false;
    for (let scanned = 0; scanned < LONGEST_SCAN && !end && found.length <= filter.limit; scanned += CHUNK) {
      const ids = await olderThan(tenantId, last);
      found.push(...(await matching(ids, filter)));
      last = ids.at(-1) ?? last;
      end = ids.length < CHUNK;
    }
    const shown = found.slice(0, filter.limit);
    const next = found.length > filter.limit ? shown.at(-1) : end ? undefined : last;
    return { jobs: await reader.many(shown), next };
  };
}

function matches([state, lane, batch]: readonly (string | null)[], filter: ListFilter): boolean {
  if (!state || !lane) return false;
  return (
    (filter.states === undefined || filter.states.includes(state as JobStateKind)) &&
    (filter.jobClass === undefined || filter.jobClass === parseLaneKey(lane).jobClass) &&
    (filter.batchId === undefined || filter.batchId === batch)
  );
}
