import type { Policy } from '@spillway/simulation';

/** What its plans took, over every simulation it was used in. */
export interface TimedPolicy {
  readonly policy: Policy;
  /** By the clock, one a plan. */
  readonly planMs: readonly number[];
  /** The most lanes that a plan has seen. */
  readonly mostLanes: () => number;
}

/** The same policy, with the time of each of its plans written down. */
export function timePlans(policy: Policy): TimedPolicy {
  const planMs: number[] = [];
  let mostLanes = 0;
  const timed: Policy = {
    ...policy,
    open: (world) => {
      const decider = policy.open(world);
      return {
        ...decider,
        decide: (snapshot) => {
          const startedAtMs = performance.now();
          const decision = decider.decide(snapshot);
          planMs.push(performance.now() - startedAtMs);
          mostLanes = Math.max(mostLanes, snapshot.lanes.length);
          return decision;
        },
      };
    },
  };
  return { policy: timed, planMs, mostLanes: () => mostLanes };
}
