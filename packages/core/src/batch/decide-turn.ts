import type { EpochMs } from '../time.ts';
import type { BatchStatus } from './status.ts';

/** What a batch-worker sees of a batch before it does the next thing for it. Counts are of lines unless they say otherwise. */
export interface BatchView {
  readonly status: BatchStatus;
  readonly paused: boolean;
  /** Which of the waiting jobs were taken out of their lanes: `some` while that, or the way back, is not through. */
  readonly held: 'none' | 'some' | 'all';
  /** The input was read to its end: where each line begins is known. */
  readonly validated: boolean;
  /** 0 until then, and of an input that cannot be used. */
  readonly total: number;
  /** The next line to feed: all before it have been. */
  readonly cursor: number;
  /** Jobs of the batch that have not ended. */
  readonly open: number;
  /** Jobs that ended and whose document waits for its next step. */
  readonly ended: number;
  /** Lines that ended and whose outcomes stand in the store. */
  readonly settled: number;
  /** Bytes of those outcomes. */
  readonly settledBytes: number;
  /** Lines whose outcomes stand in part files. */
  readonly drained: number;
  readonly drainedAtMs: EpochMs;
  readonly expiresAtMs: EpochMs;
}

export interface TurnLimits {
  /** Lines between input and part files at once; 1 or more. */
  readonly window: number;
  /** So many settled lines are worth a part file. */
  readonly drainLines: number;
  /** And so many bytes of answers. */
  readonly drainBytes: number;
  /** Fewer are written down after this long. */
  readonly drainMs: number;
  /** A batch that waits for others is looked at again after this long. */
  readonly pollMs: number;
}

export type BatchTurn =
  | { readonly kind: 'validate' }
  /** Give at most `room` further lines to the lanes. */
  | { readonly kind: 'feed'; readonly room: number }
  /** Take the next steps of documents whose jobs ended. */
  | { readonly kind: 'advance' }
  /** Write settled lines to a part file. */
  | { readonly kind: 'drain' }
  /** Take what waits out of its lanes, or put it back. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel-open' }
  /** Every line has ended, or the time is over: begin to finalise. */
  | { readonly kind: 'close' }
  | { readonly kind: 'finalise' }
  | { readonly kind: 'wait'; readonly untilMs: EpochMs }
  /** It has ended. */
  | { readonly kind: 'leave' };

/** The next thing to do for a batch. Each turn changes what the next one sees, so a worker that dies loses one turn. */
export function decideTurn(batch: BatchView, limits: TurnLimits, nowMs: EpochMs): BatchTurn {
  switch (batch.status) {
    case 'validating':
      return { kind: 'validate' };
    case 'in_progress':
      return decideRunning(batch, limits, nowMs);
    case 'cancelling':
      // Lines that nobody has counted yet are cancelled, too: each has its place in the results.
      if (!batch.validated) return { kind: 'validate' };
      if (batch.open > 0) return { kind: 'cancel-open' };
      return writeDown(batch) ?? { kind: 'finalise' };
    case 'finalizing':
      return { kind: 'finalise' };
    case 'completed':
    case 'failed':
    case 'expired':
    case 'cancelled':
      return { kind: 'leave' };
  }
}

function decideRunning(batch: BatchView, limits: TurnLimits, nowMs: EpochMs): BatchTurn {
  const poll: BatchTurn = { kind: 'wait', untilMs: nowMs + limits.pollMs };
  if (batch.drained + batch.settled >= batch.total) {
    // What still runs for lines that have their outcome is of no use to them.
    return writeDown(batch) ?? (batch.open > 0 ? { kind: 'cancel-open' } : { kind: 'close' });
  }
  if (nowMs >= batch.expiresAtMs) {
    // The deadline of every job is that of its batch: the store ends them.
    return batch.open > 0 ? poll : (writeDown(batch) ?? { kind: 'close' });
  }
  if (batch.ended > 0) return { kind: 'advance' };
  if (batch.held !== (batch.paused ? 'all' : 'none')) return { kind: batch.paused ? 'hold' : 'resume' };
  // In a small window, fewer lines are many.
  const isWorthAPart =
    batch.settled >= Math.min(limits.drainLines, Math.ceil(limits.window / 4)) ||
    batch.settledBytes >= limits.drainBytes ||
    (batch.settled > 0 && nowMs - batch.drainedAtMs >= limits.drainMs);
  if (isWorthAPart) return { kind: 'drain' };
  return feed(batch, limits) ?? poll;
}

/** Feeding goes by half windows: a line at a time would cost a call each. */
function feed(batch: BatchView, limits: TurnLimits): BatchTurn | undefined {
  const left = batch.total - batch.cursor;
  if (batch.paused || left === 0) return undefined;
  const inWindow = Math.max(batch.cursor - batch.drained, batch.open);
  const room = Math.min(limits.window - inWindow, left);
  return room >= Math.min(left, Math.ceil(limits.window / 2)) ? { kind: 'feed', room } : undefined;
}

function writeDown(batch: BatchView): BatchTurn | undefined {
  if (batch.ended > 0) return { kind: 'advance' };
  return batch.settled > 0 ? { kind: 'drain' } : undefined;
}
