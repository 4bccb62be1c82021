import type { TenantId } from '../id/name.ts';
import type { Candidate } from './explanation.ts';
import type { ModelGroup } from './model-group.ts';
import { compareContenders } from './order/order.ts';
import type { Contender } from './order/order-rule.ts';
import { overflowOf } from './overflow.ts';
import type { LaneView, SchedulingPolicy } from './snapshot.ts';

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
 * Where to go on in a lane whose job was held: to the next one when some backend refused the job and not the lane;
 * past jobs that wait for overflow, to one that needs none; else to the end of the lane.
 */
export function afterHold(
  { lane, group, next }: LaneCursor,
  candidates: readonly Candidate[],
  policy: SchedulingPolicy,
): number {
  const refusals = candidates.filter((candidate) => candidate.kind === 'refused');
  if (refusals.some(({ scope }) => scope === 'job')) return next + 1;
  if (!refusals.some(({ code }) => code === 'OVERFLOW_CLOSED')) return lane.head.length;
  const needsNoOverflow = lane.head.findIndex(
    (job, index) => index > next && overflowOf(job, lane, group, policy).open,
  );
  return needsNoOverflow === -1 ? lane.head.length : needsNoOverflow;
}
