import type { DocumentBatchBody } from '@spillway/contracts';
import type { BatchId } from '@spillway/core';
import type { CliContext } from '../context.ts';
import { formatCount } from '../output/format.ts';
import { createLiveLine } from '../output/live-line.ts';
import type { Output } from '../output/output.ts';
import { estimateLeftMs, type BatchOutlook } from './estimate-left.ts';
import { failureLine } from './failure-line.ts';
import { progressLine, type ProgressView } from './progress-line.ts';
import { createRateMeter } from './rate-meter.ts';
import type { OutLine } from './result-lines.ts';

export interface Progress extends Disposable {
  /** Documents that an earlier run finished: they count as done, not towards the rate. */
  skip(): void;
  add(lines: readonly OutLine[]): void;
  /** What the platform says of a batch; it is left out of the estimate once it is gone. */
  batch(id: BatchId, batch: DocumentBatchBody | undefined): void;
  trouble(what: string | undefined): void;
  /** Outcomes of this run. */
  readonly added: () => number;
}

const REDRAW_MS = 200;
const PLAIN_MS = 10_000;
/** Further ones are counted: a terminal is no place for thousands of the same. */
const MAX_FAILURE_LINES = 50;

/** Shows how far a run is, on stderr: one line drawn over and over on a terminal, else a line every ten seconds. */
export function createProgress(context: CliContext, output: Output, total: number): Progress {
  const { nowMs } = context;
  const live = createLiveLine(context, output);
  const isTerminal = live.columns() !== undefined;
  const counts = { skipped: 0, added: 0, failed: 0, local: 0, cloud: 0, costUsd: 0 };
  const meter = createRateMeter(nowMs);
  const outlooks = new Map<BatchId, BatchOutlook & { readonly paused: boolean }>();
  let trouble: string | undefined;

  const view = (): ProgressView => {
    const { skipped, added, failed, local, cloud, costUsd } = counts;
    const rate = meter.perSecond();
    const done = skipped + added;
    const isPaused = outlooks.values().some(({ paused }) => paused);
    return {
      total,
      done,
      failed,
      local,
      cloud,
      costUsd,
      perSecond: rate?.documents,
      tokensPerSecond: rate?.tokens,
      leftMs: estimateLeftMs(total - done, [...outlooks.values()], rate?.documents, nowMs()),
      trouble: trouble ?? (isPaused ? 'paused at the platform' : undefined),
    };
  };
  const show = (): void => {
    live.show(progressLine(view(), live.columns()));
  };
  const showFailures = (lines: readonly OutLine[], before: number): void => {
    const room = MAX_FAILURE_LINES - before;
    const texts = lines.slice(0, Math.max(0, room)).map((line) => failureLine(line, output.noteStyle));
    if (room > 0 && lines.length >= room) {
      texts.push(`(${formatCount(MAX_FAILURE_LINES)} failures shown; further ones are counted)`);
    }
    live.print(texts);
  };
  const timer = output.talkative ? setInterval(show, isTerminal ? REDRAW_MS : PLAIN_MS) : undefined;

  return {
    skip: () => {
      counts.skipped += 1;
    },
    add: (lines) => {
      counts.added += lines.length;
      const failures = lines.filter(({ status }) => status !== 'completed');
      for (const { served_by: by, usage } of lines) {
        if (by !== null) counts[by.location] += 1;
        counts.costUsd += usage?.cost_usd ?? 0;
      }
      meter.add(
        lines.length,
        lines.reduce((sum, { usage }) => sum + (usage?.output_tokens ?? 0), 0),
      );
      showFailures(failures, counts.failed);
      counts.failed += failures.length;
    },
    batch: (id, batch) => {
      if (batch === undefined) outlooks.delete(id);
      else outlooks.set(id, { ...outlookOf(batch), paused: batch.paused });
    },
    trouble: (what) => {
      trouble = what;
      show();
    },
    added: () => counts.added,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      show();
      live.end();
    },
  };
}

function outlookOf(batch: DocumentBatchBody): BatchOutlook {
  const { total, completed, failed, cancelled, expired } = batch.document_counts;
  const finishAt = batch.estimated_finish_at;
  return {
    pending: total - completed - failed - cancelled - expired,
    finishAtMs: finishAt === null ? undefined : Date.parse(finishAt),
    perSecond: batch.documents_per_second ?? undefined,
  };
}
