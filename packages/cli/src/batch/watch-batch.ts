import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchObject } from '@spillway/contracts';
import { hasBatchEnded } from '@spillway/core';
import { createLiveLine } from '../output/live-line.ts';
import { withPatience } from '../process/patience.ts';
import { progressLine } from '../process/progress-line.ts';
import type { Session } from '../session.ts';
import type { BatchesApi } from './batches-api.ts';

const OUTAGE_MS = 600_000;
const LOOK_MS = 1000;
/** Where there is no terminal a line each second is too many. */
const PLAIN_MS = 10_000;

/** The batch once it has ended, with its progress on stderr meanwhile; sits out an outage of ten minutes. */
export async function watchBatch(
  api: Pick<BatchesApi, 'get'>,
  id: string,
  { context, output, signal }: Session,
): Promise<BatchObject> {
  const live = createLiveLine(context, output);
  const { nowMs } = context;
  let shownAtMs = Number.NEGATIVE_INFINITY;
  const patience = {
    outageMs: OUTAGE_MS,
    fullMs: OUTAGE_MS,
    firstPauseMs: LOOK_MS,
    signal,
    nowMs,
    onTrouble: (error: { readonly code: string } | undefined) => {
      if (error !== undefined) live.print([`waiting for the platform (${error.code})`]);
    },
  };
  try {
    for (;;) {
      const batch = await withPatience(() => api.get(id), patience);
      const isOver = hasBatchEnded(batch.status);
      if (isOver || live.columns() !== undefined || nowMs() - shownAtMs >= PLAIN_MS) {
        live.show(lineOf(batch, nowMs(), live.columns()));
        shownAtMs = nowMs();
      }
      if (isOver) return batch;
      await sleep(LOOK_MS, undefined, { signal });
    }
  } finally {
    live.end();
  }
}

function lineOf(batch: BatchObject, nowMs: number, columns: number | undefined): string {
  const { total, completed, failed } = batch.request_counts;
  const { status, paused, estimated_finish_at: finishAt, lines_per_second: rate } = batch;
  return progressLine(
    {
      total,
      done: completed + failed,
      failed,
      perSecond: rate ?? undefined,
      leftMs: finishAt === null ? undefined : Math.max(0, finishAt * 1000 - nowMs),
      trouble: paused ? 'paused' : status === 'in_progress' ? undefined : status.replaceAll('_', ' '),
    },
    columns,
  );
}
