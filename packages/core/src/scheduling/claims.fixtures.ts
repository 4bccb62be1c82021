import type { TenantId } from '../id/name.ts';
import { JOB_CLASSES } from '../job/state.ts';
import { CONTENDED_POLICY, effectiveDeadlineAtMs } from './contended.fixtures.ts';
import type { Plan } from './plan-result.ts';
import { NOW_MS } from './snapshot.fixtures.ts';
import type { JobView, LaneView, Snapshot } from './snapshot.ts';

/** A job and where it stands when somebody is served. The rules are told again here, not asked of `order/`. */
export interface Claim {
  readonly lane: LaneView;
  readonly job: JobView;
  /** What its tenant has been charged by then. */
  readonly charged: number;
  /** What the tenant served least of the others with work of its class was charged before the plan. */
  readonly least: number;
  /** How far ahead of that it may be: on so many backends tenants are served so many at a time. */
  readonly tolerance: number;
}

/** Its tenant has not had more than its share: without that, neither hurry nor patience nor a pin counts. */
const isEntitled = ({ charged, least, tolerance }: Claim): boolean => charged <= least + tolerance;

const leftMs = ({ deadlineAtMs }: JobView): number => deadlineAtMs - NOW_MS;

export const isPromoted = (claim: Claim): boolean => {
  const { lane, job } = claim;
  const share = CONTENDED_POLICY.promotion[lane.jobClass];
  return isEntitled(claim) && leftMs(job) < share * (job.deadlineAtMs - job.submittedAtMs);
};

/** Past its ageing bound. */
export const isAged = (claim: Claim): boolean =>
  isEntitled(claim) && NOW_MS - claim.job.submittedAtMs > CONTENDED_POLICY.maxWaitMs[claim.lane.jobClass];

/** Any answer takes a second at least: what is due before that is late in any case. */
export const isLost = ({ job }: Claim): boolean => leftMs(job) < 100;

export const classOf = (claim: Claim): number =>
  isPromoted(claim) ? 0 : JOB_CLASSES.indexOf(claim.lane.jobClass);

const goesFirst = (claim: Claim): boolean => isAged(claim) || (claim.lane.pinned && isEntitled(claim));

/** Whether one may be served while another one that is past its ageing bound, and can be in time, waits. */
export function goesBefore(one: Claim, aged: Claim): boolean {
  if (classOf(one) !== classOf(aged)) return classOf(one) < classOf(aged);
  if (isLost(one) || !goesFirst(one)) return false;
  if (one.charged !== aged.charged) return one.charged < aged.charged;
  const [first, second] = [one, aged].map(({ lane, job }) => effectiveDeadlineAtMs(lane, job));
  return Number(first) <= Number(second);
}

/** What counts before the fair share: jobs that are equal in it take turns by what their tenants were charged. */
export const standing = (claim: Claim): string => `${classOf(claim)} ${isLost(claim)} ${goesFirst(claim)}`;

/** Every assignment beside every lane whose first job waits, as both stood then. */
export function duels(snapshot: Snapshot, { assignments }: Plan) {
  const charged = new Map(Array.from(snapshot.tenants, ([id, { virtualTokens }]) => [id, virtualTokens]));
  const claimOf = (lane: LaneView, job: JobView): Claim => ({
    lane,
    job,
    charged: charged.get(lane.tenantId) ?? 0,
    least: leastOf(snapshot, lane),
    tolerance: CONTENDED_POLICY.shareTolerance * snapshot.backends.length,
  });
  const given = new Set(assignments.map(({ job }) => job.id));
  const waiting = snapshot.lanes
    .flatMap((lane) => lane.head.slice(0, 1).map((job) => ({ lane, job })))
    .filter(({ job }) => !given.has(job.id));
  return assignments.flatMap(({ lane, job, virtualTokens }) => {
    const served = claimOf(lane, job);
    const pairs = waiting.map((one) => ({ served, other: claimOf(one.lane, one.job) }));
    charged.set(lane.tenantId, served.charged + virtualTokens);
    return pairs;
  });
}

function leastOf({ lanes, tenants }: Snapshot, { jobClass, tenantId: own }: LaneView): number {
  const ofClass = lanes.filter((lane) => lane.jobClass === jobClass && lane.tenantId !== own);
  const chargedTo = ({ tenantId }: { readonly tenantId: TenantId }): number =>
    tenants.get(tenantId)?.virtualTokens ?? 0;
  return Math.min(...ofClass.map(chargedTo));
}
