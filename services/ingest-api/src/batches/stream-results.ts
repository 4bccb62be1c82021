import { readOutcomes } from '@spillway/batches';
import type { BlobStore } from '@spillway/blobs';
import type { LineOutcome } from '@spillway/core';
import type { BatchRecord, BatchStore } from '@spillway/redis';
import type { Logger } from '@spillway/service-kit';
import type { Context } from 'hono';
import { z } from 'zod';
import { openLines } from '../http/open-lines.ts';
import { preferredWait } from '../http/prefer-wait.ts';
import { countSchema } from '../routes/route-kit.ts';
import type { Places } from './places.ts';
import { toPages } from './to-pages.ts';

/** What the results of a batch can be asked with. */
export const resultsQuerySchema = z.strictObject({
  after: countSchema.optional().meta({ description: '`seq` of the last line seen' }),
});
export const resultsHeadersSchema = z.object({
  prefer: z
    .string()
    .optional()
    .meta({ description: 'wait=N: go on for at most N s, until the batch has ended' }),
});

export interface ResultDeps {
  readonly batches: BatchStore;
  readonly blobs: BlobStore;
  readonly places: Places;
  readonly logger: Logger;
}

export interface ResultOptions {
  readonly record: BatchRecord;
  /** Sequence number of the first outcome wanted. */
  readonly from: number;
  readonly contentType: string;
  /** A line without its end. */
  readonly render: (outcome: LineOutcome, seq: number) => string;
}

const LOOK_EVERY_MS = 500;
const LONGEST_IDLE_MS = 60_000;

/**
 * Results as JSON lines in the order in which they settled: those there are, and under `Prefer: wait=N` all that come
 * until the batch has ended or the time is over.
 */
export async function streamResults(
  context: Context,
  deps: ResultDeps,
  { record, from, contentType, render }: ResultOptions,
): Promise<Response> {
  const headers = { 'content-type': contentType };
  const { signal } = context.req.raw;
  if (context.req.method === 'HEAD') return context.body(null, 200, headers);
  const giveBack = deps.places.take(record.tenantId, signal);
  const waitSeconds = preferredWait(context.req.header('prefer'));
  const lines = readLines(record, from, { ...deps, waitSeconds, signal, render, giveBack });
  const body = await openLines(toPages(lines), {
    idleMs: LONGEST_IDLE_MS,
    onFailure: (error) => deps.logger.warn({ event: 'results.cut', batch: record.id, error }),
  });
  return context.body(body, 200, headers);
}

interface LineOptions extends ResultDeps, Pick<ResultOptions, 'render'> {
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
  readonly giveBack: () => void;
}

async function* readLines(
  batch: BatchRecord,
  from: number,
  { batches: store, blobs, waitSeconds, signal, render, giveBack }: LineOptions,
): AsyncGenerator<string, void, undefined> {
  const isOver = AbortSignal.timeout(waitSeconds * 1000);
  const follow = waitSeconds > 0;
  const outcomes = readOutcomes({
    batch,
    from,
    blobs,
    store,
    follow,
    signal: follow ? AbortSignal.any([signal, isOver]) : signal,
    pollMs: LOOK_EVERY_MS,
  });
  let seq = from;
  try {
    for await (const text of outcomes) {
      yield render(JSON.parse(text) as LineOutcome, seq);
      seq += 1;
    }
  } catch (error) {
    // The end of the time is an end like any other, and nobody reads any more when the client has left.
    if (!signal.aborted && !(follow && isOver.aborted)) throw error;
  } finally {
    giveBack();
  }
}
