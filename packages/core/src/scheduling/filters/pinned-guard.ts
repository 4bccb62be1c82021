import type { Filter } from './filter.ts';

/**
 * An engine that holds a pinned job which is due soon takes nothing new but pinned interactive work: its batch shrinks,
 * no prompts come between, and the answer that has no other place to go is written up to twice as fast. It costs some
 * throughput in the last seconds of few jobs: docs/benchmarks (overflow) has the sweep. A tenant that was served less
 * than the pinned job's does not make room for it: to pin everything gains nothing over others.
 */
export const pinnedGuard: Filter<'PINNED_GUARD'> = {
  code: 'PINNED_GUARD',
  scope: 'lane',
  passes: 'by-itself',
  wantOfRoom: true,
  refuses: (_job, { pinnedDue }, { nowMs, policy, lane, virtualTokens, shareTolerance, chargedBefore }) => {
    if (pinnedDue === undefined || (lane.pinned && lane.jobClass === 'interactive')) return undefined;
    const leftMs = pinnedDue.atMs - nowMs;
    if (leftMs <= 0 || leftMs >= policy.pinnedGuardMs) return undefined;
    const servedLess = virtualTokens + shareTolerance < chargedBefore(pinnedDue.tenantId);
    return servedLess
      ? undefined
      : `makes room for a pinned job that is due in ${(leftMs / 1000).toFixed(1)} s`;
  },
};
