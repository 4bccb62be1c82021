import { batchPaths, encodeOutcome, openBlobWriter } from '@spillway/batches';
import { type BatchStatus, type FileId, type LineOutcome, transitionBatch } from '@spillway/core';
import type { BatchRecord } from '@spillway/redis';
import { createLineSink } from '../finalise/line-sink.ts';
import { readParts } from '../finalise/read-parts.ts';
import { createResultFiles, type ResultFiles } from '../finalise/result-files.ts';
import { createTally, type Tally } from '../finalise/tally.ts';
import { readUnfinished } from '../finalise/unfinished-lines.ts';
import { eventOf } from './event-of.ts';
import type { Turn, TurnDeps, TurnOutcome } from './turn.ts';

/**
 * Writes the journal and the result files, holds them against what was counted, and ends the batch. Every line stands in
 * them once, or the batch does not end and people are told. Finalising twice makes the same files.
 */
export async function finaliseBatch(deps: TurnDeps, turn: Turn<'finalise'>): Promise<TurnOutcome> {
  const { batch, lease, signal } = turn;
  const { record } = batch;
  const { counts } = record;
  const tally = createTally(counts.total);
  const key = { tenantId: record.tenantId, path: batchPaths(record.id).journal };
  const journal = createLineSink(openBlobWriter(deps.blobs, key, { signal }));
  const results = createResultFiles(record, { ...deps, signal });
  let unfinished = 0;
  let wrong: string | undefined;
  try {
    const settled = await writeSettled(deps, record, { tally, results, journal, signal });
    const own = { blobs: deps.blobs, signal, nowMs: batch.nowMs };
    for await (const outcome of readUnfinished(record, tally, own)) {
      tally.add(outcome);
      await journal.write(encodeOutcome(outcome));
      await results.write(outcome);
      unfinished += 1;
    }
    wrong =
      settled === batch.view.drained
        ? tally.disagreement(addUnfinished(record, unfinished))
        : `${settled} lines in part files where ${batch.view.drained} were counted`;
    if (wrong === undefined) {
      await journal.end();
      return await end(deps, turn, { unfinished, files: await results.end() });
    }
  } catch (error) {
    await Promise.all([journal.abort(), results.abort()]);
    throw error;
  }
  await Promise.all([journal.abort(), results.abort()]);
  deps.metrics.unverified.inc();
  deps.logger.error({ event: 'batch.not_verified', batch: record.id, fence: lease.fence, wrong });
  return 'alarm';
}

async function writeSettled(
  deps: TurnDeps,
  record: BatchRecord,
  to: {
    readonly tally: Tally;
    readonly results: ResultFiles;
    readonly journal: { write(line: string): Promise<void> };
    readonly signal: AbortSignal;
  },
): Promise<number> {
  for await (const { text, outcome } of readParts(record, deps, to.signal)) {
    to.tally.add(outcome);
    await to.journal.write(text);
    await to.results.write(outcome);
  }
  return to.tally.lines;
}

/** Lines that end without an outcome of their own have the one that the end of their batch gives them. */
function addUnfinished({ status, counts }: BatchRecord, unfinished: number) {
  const outcome = unfinishedOutcome(status);
  return { ...counts, [outcome]: counts[outcome] + unfinished };
}

const unfinishedOutcome = (status: BatchStatus): Extract<LineOutcome['outcome'], 'cancelled' | 'expired'> =>
  status === 'cancelling' ? 'cancelled' : 'expired';

async function end(
  deps: TurnDeps,
  { batch, lease }: Turn<'finalise'>,
  {
    unfinished,
    files,
  }: {
    readonly unfinished: number;
    readonly files: { readonly output: FileId | undefined; readonly errors: FileId | undefined };
  },
): Promise<TurnOutcome> {
  const { record } = batch;
  const { status, counts } = record;
  const next = transitionBatch(status, { kind: 'finalised', unfinished: counts.expired + unfinished });
  if (!next.ok) return 'next';
  const outcome = unfinishedOutcome(status);
  // The parts go when the batch is left: the journal has what they hold.
  const moved = await deps.work.move(lease, status, next.value, eventOf(record, next.value), {
    [outcome]: counts[outcome] + unfinished,
    ...(files.output !== undefined && { output_file: files.output }),
    ...(files.errors !== undefined && { error_file: files.errors }),
  });
  if (!moved) return 'next';
  deps.metrics.ended.inc({ status: next.value });
  deps.logger.info({ event: 'batch.ended', batch: record.id, status: next.value, lines: counts.total });
  return 'next';
}
