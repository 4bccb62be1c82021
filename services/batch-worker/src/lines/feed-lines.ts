import { batchPaths, openInputLines } from '@spillway/batches';
import type { LineOutcome } from '@spillway/core';
import type { LineJob } from '@spillway/redis';
import type { Turn, TurnDeps, TurnOutcome } from '../turns/turn.ts';
import { inputKey } from './input-key.ts';
import { lineOptionsOf, prepareLine } from './prepare-line.ts';

/** One call to the store: long enough to be worth a round trip, short enough not to hold up the others. */
const GROUP_LINES = 100;
const GROUP_BYTES = 1_000_000;

/**
 * Feeds lines of requests from the cursor on, group by group: each group and the cursor behind it are one write, so
 * whoever dies in between leaves the cursor where the next one goes on.
 *
 * @param roomBytes no further line once those fed have this many bytes
 */
export async function feedLines(
  deps: TurnDeps,
  { lease, batch, turn, signal }: Turn<'feed'>,
  roomBytes: number,
): Promise<TurnOutcome> {
  const { record, view } = batch;
  const index = { tenantId: record.tenantId, path: batchPaths(record.id).index };
  const range = { from: view.cursor, count: turn.room, signal };
  await using lines = await openInputLines(deps.blobs, { input: inputKey(record), index }, range);
  if (lines === undefined) throw new Error(`the input of ${record.id} is not in the blob store any more`);
  const options = lineOptionsOf(record);
  let group = newGroup(view.cursor);
  let fedBytes = 0;
  const send = async (): Promise<boolean> => {
    const { jobs, outcomes, cursor } = group;
    const nextCursor = cursor + jobs.length + outcomes.length;
    if (nextCursor === cursor) return true;
    const reply = await deps.work.feed(lease, record, { cursor, nextCursor, jobs, outcomes, steps: [] });
    if (reply === 'fed') deps.metrics.fed.inc(nextCursor - cursor);
    group = newGroup(nextCursor);
    return reply === 'fed';
  };
  for await (const { line, text } of lines) {
    const prepared = prepareLine(deps, batch, options, line, text);
    if ('job' in prepared) group.jobs.push(prepared);
    else group.outcomes.push(prepared);
    group.bytes += text.length;
    fedBytes += text.length;
    const isFull = group.jobs.length + group.outcomes.length >= GROUP_LINES || group.bytes >= GROUP_BYTES;
    // Paused, cancelled or taken by another: the next look tells which.
    if (isFull && !(await send())) return 'next';
    if (fedBytes >= roomBytes) break;
  }
  await send();
  return 'next';
}

interface Group {
  readonly cursor: number;
  readonly jobs: LineJob[];
  readonly outcomes: LineOutcome[];
  bytes: number;
}

const newGroup = (cursor: number): Group => ({ cursor, jobs: [], outcomes: [], bytes: 0 });
