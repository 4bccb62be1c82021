import type { TenantId } from '../id/name.ts';
import type { Candidate } from './explanation.ts';
import { couldRun } from './filters/filters.ts';
import type { ModelGroup } from './model-group.ts';
import { compareContenders } from './order/order.ts';
import type { Contender } from './order/order-rule.ts';
import { overflowOf } from './overflow.ts';
import type { LaneView, Snapshot } from './snapshot.ts';

/** How far a plan has come in one lane. */
export interface LaneCursor {
  readonly lane: LaneView;
  readonly group: ModelGroup;
  next: number;
  /** What its jobs were held for: each set of reasons is told once, not once per job. */
  readonly heldFor: Set<string>;
}

export interface Turn {
  readonly cursor: LaneCursor;
  readonly contender: Contender;
}

/** Whose turn it is among the first unplanned jobs of all lanes; undefined when every lane has been dealt with. */
export function nextTurn(
  cursors: readonly LaneCursor[],
  tenantTokens: (tenantId: TenantId) => number,
): Turn | undefined {
  let first: Turn | undefined;
  for (const cursor of cursors) {
    const job = cursor.lane.head[cursor.next];
    if (job === undefined) continue;
    const contender = { lane: cursor.lane, job, virtualTokens: tenantTokens(cursor.lane.tenantId) };
    if (first === undefined || compareContenders(contender, first.contender) < 0)
      first = { cursor, contender };
  }
  return first;
}

/**
 * Where to go on in a lane whose job was held: at the next one that may fare better, because it could run on a backend
 * that refused this job and not the lane, or needs no overflow where this one waits for it; else at the lane's end.
 */
export function afterHold(
  { lane, group, next }: LaneCursor,
  candidates: readonly Candidate[],
  { backends, policy }: Snapshot,
): number {
  const refusals = candidates.filter((candidate) => candidate.kind === 'refused');
  const ownRefusals = refusals.filter(({ scope }) => scope === 'job');
  if (ownRefusals.some(({ code }) => code === 'EXCLUDED_AFTER_FAILURE')) return next + 1;
  const spared = backends.filter(({ id }) => ownRefusals.some(({ backendId }) => backendId === id));
  const closed = refusals.some(({ code }) => code === 'OVERFLOW_CLOSED');
  const better = lane.head.findIndex(
    (job, index) =>
      index > next &&
      (spared.some((backend) => couldRun(job, backend)) ||
        (closed && overflowOf(job, lane, group, policy).open)),
  );
  return better === -1 ? lane.head.length : better;
}
