import type { EpochMs, JobId } from '@spillway/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { laneKey, type Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';
import { type JobRecord, RECORD_FIELDS, toJobRecord } from './job-record.ts';
import { readFinish } from './read-finish.ts';

const pairSchema = z.tuple([z.null(), z.unknown()]);
const positionSchema = z.tuple([z.number(), z.number(), z.string()]);

/** What may be told of a job that has not ended. */
export interface Outlook {
  /** About where it stands among those of its model group: 1 for the next one; undefined: it waits in no lane. */
  readonly position: number | undefined;
  /** Undefined when nobody can tell. */
  readonly estimatedFinishAtMs: EpochMs | undefined;
}

export interface JobReader {
  one(id: JobId): Promise<JobRecord | undefined>;
  /** In the order asked for; jobs that are gone are left out. One round trip. */
  many(ids: readonly JobId[]): Promise<readonly JobRecord[]>;
  /** The stored decisions, oldest first, as JSON texts. */
  decisions(id: JobId): Promise<readonly string[]>;
  /** By fair shares and the last plan's forecast while it waits, then by the prediction of the plan that dispatched it. */
  outlook(
    job: Pick<JobRecord, 'id' | 'lane' | 'state' | 'deadlineAtMs' | 'predictedFinishAtMs'>,
  ): Promise<Outlook>;
}

export function createJobReader(redis: Redis, keys: Keys): JobReader {
  const queuePosition = defineScript(redis, keys, new URL('./queue-position.lua', import.meta.url));
  const many = async (ids: readonly JobId[]): Promise<readonly JobRecord[]> => {
    if (ids.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const id of ids) {
      pipeline
        .hmget(keys.job(id), ...RECORD_FIELDS)
        .hgetall(keys.attempts(id))
        .get(keys.result(id));
    }
    const replies = (await pipeline.exec()) ?? [];
    return ids.flatMap((id, index) => {
      const values = valueOf(replies[3 * index]) as (string | null)[];
      const attempts = valueOf(replies[3 * index + 1]) as Record<string, string>;
      const result = valueOf(replies[3 * index + 2]) as string | null;
      return toJobRecord(id, values, attempts, result) ?? [];
    });
  };
  return {
    one: async (id) => (await many([id]))[0],
    many,
    decisions: (id) => redis.lrange(keys.decisions(id), 0, -1),
    outlook: async ({ id, lane, state, deadlineAtMs, predictedFinishAtMs }) => {
      if (state !== 'queued') return { position: undefined, estimatedFinishAtMs: predictedFinishAtMs };
      const [nowMs, position, forecast] = positionSchema.parse(await queuePosition(id, laneKey(lane)));
      if (position === 0) return { position: undefined, estimatedFinishAtMs: undefined };
      return {
        position,
        estimatedFinishAtMs: readFinish(nowMs, position, forecast, deadlineAtMs),
      };
    },
  };
}

function valueOf(reply: unknown): unknown {
  const pair = pairSchema.safeParse(reply);
  if (pair.success) return pair.data[1];
  throw Array.isArray(reply) && reply[0] instanceof Error
    ? reply[0]
    : new Error('the pipeline was cut short');
}
