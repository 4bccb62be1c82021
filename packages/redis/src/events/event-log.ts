import type { EpochMs } from '@spillway/core';
import { EVENT_TYPES, type EventType } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';

/** One entry of the outbox: what happened to which job or batch. */
export interface OutboxEvent {
  /** The stream's own id, for `acknowledge`. */
  readonly entry: string;
  readonly type: EventType;
  /** The id of the job or batch. */
  readonly subject: string;
  readonly atMs: EpochMs;
}

const GROUP = 'deliveries';

const entrySchema = z.tuple([z.string(), z.array(z.string()).nullable()]);
const claimSchema = z.tuple([z.string(), z.array(entrySchema)]).rest(z.unknown());
const fieldsSchema = z.object({ type: z.enum(EVENT_TYPES), subject: z.string(), at_ms: z.coerce.number() });

/** Reads the outbox as one of several competing consumers; an entry not acknowledged is read again by somebody. */
export interface EventLog {
  /** Entries of consumers that died with them come first, then new ones; waits at most `waitMs` for the first. */
  read(count: number, waitMs: number): Promise<readonly OutboxEvent[]>;
  /** Done with these for good: they leave the stream. */
  acknowledge(entries: readonly string[]): Promise<void>;
}

/** @param redis a connection used for nothing else: reading blocks it */
export async function openEventLog(
  redis: Redis,
  keys: Keys,
  consumer: string,
  idleIsDeadMs: number,
): Promise<EventLog> {
  await redis.xgroup('CREATE', keys.events, GROUP, '0', 'MKSTREAM').catch((error: unknown) => {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  });
  return {
    read: async (count, waitMs) => {
      const claimed = claimSchema.parse(
        await redis.xautoclaim(keys.events, GROUP, consumer, idleIsDeadMs, '0', 'COUNT', count),
      );
      if (claimed[1].length > 0) return toEvents(claimed[1]);
      const reply: unknown = await redis.call(
        'XREADGROUP',
        'GROUP',
        GROUP,
        consumer,
        'COUNT',
        count,
        'BLOCK',
        Math.max(1, waitMs),
        'STREAMS',
        keys.events,
        '>',
      );
      return toEvents(entriesOf(reply));
    },
    acknowledge: async (entries) => {
      if (entries.length === 0) return;
      await redis
        .multi()
        .xack(keys.events, GROUP, ...entries)
        .xdel(keys.events, ...entries)
        .exec();
    },
  };
}

/** RESP2 answers `[[stream, entries]]`, RESP3 a map from stream to entries; null when nothing came. */
function entriesOf(reply: unknown): readonly z.infer<typeof entrySchema>[] {
  if (reply === null || reply === undefined) return [];
  const streams: unknown[] =
    reply instanceof Map
      ? [...reply.values()]
      : Array.isArray(reply)
        ? reply.flatMap(secondOf)
        : Object.values(reply);
  return streams.flatMap((entries) => z.array(entrySchema).parse(entries));
}

const secondOf = (pair: unknown): unknown[] => (Array.isArray(pair) ? [pair[1]] : []);

function toEvents(entries: readonly z.infer<typeof entrySchema>[]): readonly OutboxEvent[] {
  return entries.flatMap(([entry, fields]) => {
    if (fields === null) return [];
    const record: Record<string, string> = {};
    for (let index = 0; index + 1 < fields.length; index += 2)
      record[fields[index] ?? ''] = fields[index + 1] ?? '';
    const { type, subject, at_ms: atMs } = fieldsSchema.parse(record);
    return [{ entry, type, subject, atMs }];
  });
}
