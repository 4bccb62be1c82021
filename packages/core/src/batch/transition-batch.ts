import { assertNever } from '../assert-never.ts';
import { err, ok, type Result } from '../result.ts';
import { type BatchStatus, hasBatchEnded } from './status.ts';

export type BatchEvent =
  /** Every line of the input can be fed. */
  | { readonly kind: 'validated' }
  /** The input cannot be used at all. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'cancel-requested' }
  /** No line is under way any more, and none will be fed: each has ended, or the time is over. */
  | { readonly kind: 'lines-ended' }
  /** The results are files that hold every line once. `unfinished`: lines that the end of the window found without an outcome of their own. */
  | { readonly kind: 'finalised'; readonly unfinished: number };

export interface IllegalBatchTransition {
  readonly kind: 'illegal-batch-transition';
  readonly from: BatchStatus;
  readonly event: BatchEvent['kind'];
}

/** The moves of a batch's life; `state-machine.md` beside this file draws them. */
export function transitionBatch(
  from: BatchStatus,
  event: BatchEvent,
): Result<BatchStatus, IllegalBatchTransition> {
  const next = nextStatus(from, event);
  return next === undefined ? err({ kind: 'illegal-batch-transition', from, event: event.kind }) : ok(next);
}

function nextStatus(from: BatchStatus, event: BatchEvent): BatchStatus | undefined {
  switch (event.kind) {
    case 'validated':
      return from === 'validating' ? 'in_progress' : undefined;
    case 'rejected':
      return from === 'validating' ? 'failed' : undefined;
    case 'cancel-requested':
      // What is being written down has ended already: there is nothing left to cancel.
      return hasBatchEnded(from) || from === 'finalizing' ? undefined : 'cancelling';
    case 'lines-ended':
      return from === 'in_progress' ? 'finalizing' : undefined;
    case 'finalised':
      if (from === 'cancelling') return 'cancelled';
      if (from !== 'finalizing') return undefined;
      return event.unfinished > 0 ? 'expired' : 'completed';
    default:
      return assertNever(event);
  }
}
