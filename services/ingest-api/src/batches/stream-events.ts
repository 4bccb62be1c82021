import { hasBatchEnded } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { Context } from 'hono';
import { z } from 'zod';
import { openLines } from '../http/open-lines.ts';
import type { Places } from './places.ts';
import { watchBatch } from './watch-batch.ts';

export const eventHeadersSchema = z.object({
  'last-event-id': z.string().optional().meta({ description: 'id of the last event seen' }),
});

export interface EventDeps {
  readonly batches: BatchStore;
  readonly places: Places;
  readonly logger: Logger;
}

/** Somebody who watches sees a change this much later, and costs one read of the store as often. */
const LOOK_EVERY_MS = 500;
/** Proxies cut what is silent for a minute or less. */
const HEARTBEAT_MS = 15_000;
const LONGEST_IDLE_MS = 60_000;

/**
 * Server-sent events `batch`: the batch at first and after each change, until it has ended. The id of an event is the
 * version of the batch, and `Last-Event-ID` leaves out what is known; to who knows the end the answer is 204, at which
 * an EventSource stops asking.
 */
export async function streamEvents(
  context: Context,
  { batches, places, logger }: EventDeps,
  record: BatchRecord,
  render: (record: BatchRecord) => unknown,
): Promise<Response> {
  const known = parseVersion(context.req.header('last-event-id'));
  if (hasBatchEnded(record.status) && record.version === known) return context.body(null, 204);
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
  const { signal } = context.req.raw;
  if (context.req.method === 'HEAD') return context.body(null, 200, headers);
  const giveBack = places.take(record.tenantId, signal);
  const watched = watchBatch({ batches, record, known, everyMs: LOOK_EVERY_MS, signal });
  const body = await openLines(toEvents(watched, render, giveBack), {
    idleMs: LONGEST_IDLE_MS,
    onFailure: (error) => logger.warn({ event: 'batch_events.cut', batch: record.id, error }),
  });
  return context.body(body, 200, headers);
}

const parseVersion = (lastEventId: string | undefined): number | undefined =>
  lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;

async function* toEvents(
  watched: AsyncGenerator<BatchRecord | undefined, void, undefined>,
  render: (record: BatchRecord) => unknown,
  giveBack: () => void,
): AsyncGenerator<string, void, undefined> {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  try {
    for await (const record of watched) {
      const nowMs = performance.now();
      if (record === undefined && nowMs - toldAtMs < HEARTBEAT_MS) continue;
      toldAtMs = nowMs;
      yield record === undefined
        ? ': nothing new\n\n'
        : `event: batch\nid: ${record.version}\ndata: ${JSON.stringify(render(record))}\n\n`;
    }
  } finally {
    giveBack();
  }
}
