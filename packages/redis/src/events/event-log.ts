import type { EpochMs } from '@spillway/core';
import { EVENT_TYPES, type EventType, type WebhookTarget, webhookTargetSchema } from '@spillway/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.ts';
import { defineScript } from '../script/define-script.ts';

/** One entry of the outbox: what happened to which job or batch. */
export interface OutboxEvent {
  /** The stream's own id, for `acknowledge`. */
  readonly entry: string;
  readonly type: EventType;
  /** The id of the job or batch. */
  readonly subject: string;
  readonly atMs: EpochMs;
  /** Whom to tell. */
  readonly target: WebhookTarget;
}

const GROUP = 'deliveries';
/** Entries kept aside; at a few hundred bytes each some megabytes. */
const MOST_ASIDE = 10_000;
const MOST_PUT_BACK = 1000;

const entrySchema = z.tuple([z.string(), z.array(z.string()).nullable()]);
type Entry = z.infer<typeof entrySchema>;
const claimSchema = z.tuple([z.string(), z.array(entrySchema)]).rest(z.unknown());
const targetSchema = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});
const fieldsSchema = z.object({
  type: z.enum(EVENT_TYPES),
  subject: z.string(),
  // what a Date can hold
  at_ms: z.coerce.number().min(0).max(8.64e15),
  target: targetSchema.pipe(webhookTargetSchema),
});

/** Reads the outbox as one of several competing consumers; an entry not acknowledged is read again by somebody. */
export interface EventLog {
  /** How many entries stood aside and were put back into the outbox when it was opened. */
  readonly putBack: number;
  /** Entries of consumers that died with them come first, then new ones; waits at most `waitMs` for the first. */
  read(count: number, waitMs: number): Promise<readonly OutboxEvent[]>;
  /** Done with these for good: they leave the stream. */
  acknowledge(entries: readonly string[]): Promise<void>;
  /**
   * These say nothing to this process: they leave the stream and stand aside, about 10,000 at most, until the next
   * process opens the log.
   */
  setAside(entries: readonly string[]): Promise<void>;
  /** Forgets consumers that got nothing for more than `idleMs` and hold nothing: processes that died. Gives their names. */
  removeIdleConsumers(idleMs: number): Promise<readonly string[]>;
}

export interface EventLogOptions {
  /** Names this process among the consumers. */
  readonly consumer: string;
  /** An entry that its consumer has held for this long is read by another one. */
  readonly idleIsDeadMs: number;
  /** Hears of entries this process cannot read; they are set aside, so that they do not hold up the others. */
  readonly onMalformed: (entry: string) => void;
}

/**
 * Opens the outbox, and puts back what stands aside, at most 1000 entries: in a rolling upgrade an older process may have
 * been unable to read what this one can. Once per opening: what nobody can read does not go round.
 *
 * @param redis a connection used for nothing else: reading blocks it
 */
export async function openEventLog(
  redis: Redis,
  keys: Keys,
  { consumer, idleIsDeadMs, onMalformed }: EventLogOptions,
): Promise<EventLog> {
  const createGroup = async (): Promise<void> => {
    await redis.xgroup('CREATE', keys.events, GROUP, '0', 'MKSTREAM').catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
    });
  };
  await createGroup();
  const removeIdle = defineScript(redis, keys, new URL('remove-idle-readers.lua', import.meta.url));
  const moveAside = defineScript(redis, keys, new URL('set-aside.lua', import.meta.url));
  const putBackAside = defineScript(redis, keys, new URL('put-back.lua', import.meta.url));
  const putBack = z.number().parse(await putBackAside(MOST_PUT_BACK));
  const setAside = async (entries: readonly string[]): Promise<void> => {
    if (entries.length > 0) await moveAside(GROUP, MOST_ASIDE, ...entries);
  };
  const acknowledge = async (entries: readonly string[]): Promise<void> => {
    if (entries.length === 0) return;
    await redis
      .multi()
      .xack(keys.events, GROUP, ...entries)
      .xdel(keys.events, ...entries)
      .exec();
  };
  const read = async (count: number, waitMs: number): Promise<readonly Entry[]> => {
    const claimed = claimSchema.parse(
      await redis.xautoclaim(keys.events, GROUP, consumer, idleIsDeadMs, '0', 'COUNT', count),
    );
    if (claimed[1].length > 0) return claimed[1];
    const block = Math.max(1, waitMs);
    return entriesOf(
      await redis.xreadgroup(
        'GROUP',
        GROUP,
        consumer,
        'COUNT',
        count,
        'BLOCK',
        block,
        'STREAMS',
        keys.events,
        '>',
      ),
    );
  };
  return {
    putBack,
    acknowledge,
    setAside,
    removeIdleConsumers: async (idleMs) => z.array(z.string()).parse(await removeIdle(GROUP, idleMs)),
    read: async (count, waitMs) => {
      const entries = await read(count, waitMs).catch(async (error: unknown) => {
        // A Redis that came back without its data knows no group.
        if (!(error instanceof Error && error.message.startsWith('NOGROUP'))) throw error;
        await createGroup();
        return read(count, waitMs);
      });
      const events = entries.map((entry) => toEvent(entry));
      const malformed = entries
        .filter((_entry, index) => events[index] === undefined)
        .map(([entry]) => entry);
      await setAside(malformed);
      for (const entry of malformed) onMalformed(entry);
      return events.filter((event) => event !== undefined);
    },
  };
}

/** `[[stream, entries]]`, or null when nothing came. */
function entriesOf(reply: unknown): readonly Entry[] {
  if (reply === null) return [];
  return z
    .array(z.tuple([z.string(), z.array(entrySchema)]))
    .parse(reply)
    .flatMap(([, entries]) => entries);
}

/** Undefined for an entry that this version of the code does not write. */
function toEvent([entry, fields]: Entry): OutboxEvent | undefined {
  const record: Record<string, string> = {};
  for (let index = 0; index + 1 < (fields?.length ?? 0); index += 2) {
    record[fields?.[index] ?? ''] = fields?.[index + 1] ?? '';
  }
  const parsed = fieldsSchema.safeParse(record);
  if (!parsed.success) return undefined;
  const { at_ms: atMs, ...event } = parsed.data;
  return { entry, ...event, atMs };
}
