import type { JobView, LaneView, TenantId } from '@spillway/core';

/** Which of the jobs at the head of their lanes is next: the least key, compared place by place. */
export interface Order {
  key(lane: LaneView, job: JobView): readonly number[];
  /** A job was given to a backend. */
  dispatched?(lane: LaneView, job: JobView): void;
}

const CLASS_RANK = { interactive: 0, standard: 1, batch: 2 } as const;

/** By arrival, whoever asks for whatever. */
export const byArrival: Order = { key: (_lane, { submittedAtMs }) => [submittedAtMs] };

/** By class, in a class pinned ones first where that is wanted, then by arrival. */
export const byClass = (pinnedFirst: boolean): Order => ({
  key: ({ jobClass, pinned }, { submittedAtMs }) => [
    CLASS_RANK[jobClass],
    pinnedFirst && !pinned ? 1 : 0,
    submittedAtMs,
  ],
});

/** By deadline. */
export const byDeadline: Order = { key: (_lane, { deadlineAtMs }) => [deadlineAtMs] };

/** By what its tenant was served, least first, then by arrival. */
export const byService = (servedOf: (tenantId: TenantId) => number): Order => ({
  key: ({ tenantId }, { submittedAtMs }) => [servedOf(tenantId), submittedAtMs],
});

export function isBefore(one: readonly number[], other: readonly number[]): boolean {
  for (const [place, value] of one.entries()) {
    const otherValue = other[place] ?? 0;
    if (value !== otherValue) return value < otherValue;
  }
  return false;
}
