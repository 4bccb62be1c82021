import { decideTurn, shareWindow, type TurnLimits } from '@spillway/core';
import type { BatchLease, LeasedBatch } from '@spillway/redis';
import { every } from '@spillway/service-kit';
import { LEASE_MS } from './batch-worker.ts';
import type { TurnDeps } from './turns/turn.ts';
import { leaveBatch } from './turns/leave-batch.ts';
import { takeTurn } from './turns/take-turn.ts';

const RENEW_MS = 1500;
/** A batch whose turn failed is looked at again after this long: what failed may be away for a while. */
const AFTER_FAILURE_MS = 3000;
const DRAIN_LINES = 250;
const DRAIN_BYTES = 4_194_304;
/** A reader does not wait for this: what is in no part file yet is read from the store. */
const DRAIN_MS = 30_000;
const POLL_MS = 1000;

/**
 * Does one thing after the other for a batch until it has to wait, then gives it back. A lease that is lost ends it: what
 * this worker still writes changes nothing. Resolves in any case; a failure is logged, and the batch is due again soon.
 */
export async function workOnBatch(deps: TurnDeps, lease: BatchLease, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const renewing = every(
    RENEW_MS,
    stopped,
    async () => {
      if (!(await deps.work.keep(lease, LEASE_MS))) stop.abort();
    },
    ({ error }) => deps.logger.warn({ event: 'batch.lease_not_kept', batch: lease.batchId, error }),
  );
  try {
    const dueInMs = await takeTurns(deps, lease, stopped);
    await deps.work.release(lease, dueInMs);
  } catch (error) {
    if (!signal.aborted) deps.logger.error({ event: 'batch.turn_failed', batch: lease.batchId, error });
    await release(deps, lease, signal.aborted ? 0 : AFTER_FAILURE_MS);
  } finally {
    stop.abort();
    await renewing;
  }
}

/** Gives when the batch is due again, in ms; undefined: never. */
async function takeTurns(
  deps: TurnDeps,
  lease: BatchLease,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (;;) {
    if (signal.aborted) return 0;
    const batch = await deps.work.view(lease);
    if (batch === undefined) return undefined;
    const turn = decideTurn(batch.view, limitsOf(deps, batch), batch.nowMs);
    if (turn.kind === 'leave') {
      await leaveBatch(deps, batch.record, signal);
      return undefined;
    }
    if (turn.kind === 'wait') return Math.max(0, turn.untilMs - batch.nowMs);
    const startedAt = performance.now();
    const outcome = await takeTurn(deps, { lease, batch, turn, signal });
    deps.metrics.turns.observe({ turn: turn.kind }, (performance.now() - startedAt) / 1000);
    if (outcome === 'later') return POLL_MS;
    if (outcome === 'alarm') return AFTER_FAILURE_MS;
  }
}

function limitsOf({ config }: TurnDeps, { view, running, allLines }: LeasedBatch): TurnLimits {
  const { window_lines: lines, window_total_lines: totalLines } = config().batches;
  return {
    window: shareWindow({ lines, totalLines }, { running, ownLines: view.cursor - view.drained, allLines }),
    drainLines: DRAIN_LINES,
    drainBytes: DRAIN_BYTES,
    drainMs: DRAIN_MS,
    pollMs: POLL_MS,
  };
}

async function release(deps: TurnDeps, lease: BatchLease, dueInMs: number): Promise<void> {
  try {
    await deps.work.release(lease, dueInMs);
  } catch (error) {
    // The lease runs out by itself.
    deps.logger.warn({ event: 'batch.not_released', batch: lease.batchId, error });
  }
}
