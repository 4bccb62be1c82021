import { array, constantFrom, integer, record, tuple, type Arbitrary } from 'fast-check';
import { RTX_4090 } from '../prediction/engine-profile.ts';
import type { JobView, LaneView, Snapshot } from './snapshot.ts';
import {
  aBackend,
  aJob,
  aLane,
  aSnapshot,
  MODEL,
  NOW_MS,
  overflowPolicy,
  tenantId,
} from './snapshot.fixtures.ts';

export const TENANTS = ['t-0', 't-1', 't-2'].map(tenantId);

/** Long ageing bounds, and promotion so late that most jobs reach their bound before it. */
export const CONTENDED_POLICY = {
  ...overflowPolicy({ mode: 'off' }),
  promotion: { interactive: 1, standard: 0.1, batch: 0.1 },
  maxWaitMs: { interactive: 15_000, standard: 150_000, batch: 150_000 },
  shareTolerance: 1000,
};

/** The instant a job is due by: its deadline, or the end of its ageing bound. */
export const effectiveDeadlineAtMs = ({ jobClass }: Pick<LaneView, 'jobClass'>, job: JobView): number =>
  Math.min(job.deadlineAtMs, job.submittedAtMs + CONTENDED_POLICY.maxWaitMs[jobClass]);

const fill = <Item>(times: number, item: Item): readonly Item[] => Array<Item>(times).fill(item);

const waiting = record({
  waitedMs: constantFrom(100, 149_000, 151_000, 300_000),
  leftMs: constantFrom(10, 50, ...fill(6, 60_000), ...fill(6, 400_000)),
  inputTokens: constantFrom(50, 100, 600),
});

const lanes = record({
  jobClass: constantFrom(...fill(10, 'standard' as const), 'batch', 'interactive'),
  tenantId: constantFrom(...TENANTS),
  pinned: constantFrom(...fill(7, false), true),
  /** Nobody in the lane has waited for longer than this. */
  mostWaitedMs: constantFrom(5000, 149_000, 300_000),
  head: array(waiting, { minLength: 1, maxLength: 5 }),
});

/**
 * More work than room on a few local backends that all serve everything, of tenants that were charged differently:
 * whose turn it is decides, and nothing else does. Some have a KV cache that a long prompt waits for.
 */
export const contended: Arbitrary<Snapshot> = record({
  slots: array(integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 2 }),
  kvCapacityTokens: constantFrom(undefined, undefined, 900, 1500),
  lanes: array(lanes, { minLength: 2, maxLength: 7 }),
  charged: tuple(...TENANTS.map(() => integer({ min: 0, max: 1500 }))),
}).map((draw) => {
  let number = 0;
  const drawn = draw.lanes.map(({ head, mostWaitedMs, ...lane }) =>
    aLane(
      head
        .map(({ waitedMs, leftMs, inputTokens }) =>
          aJob((number += 1), {
            submittedAtMs: NOW_MS - Math.min(waitedMs, mostWaitedMs),
            deadlineAtMs: NOW_MS + leftMs,
            inputTokens,
          }),
        )
        .toSorted((a, b) => effectiveDeadlineAtMs(lane, a) - effectiveDeadlineAtMs(lane, b)),
      lane,
    ),
  );
  const kv = draw.kvCapacityTokens;
  return aSnapshot(
    draw.slots.map((slots, index) =>
      aBackend(`gpu-${index}`, {
        slots,
        profile: RTX_4090,
        ...(kv !== undefined && { kvCapacityTokens: kv, held: 1, heldTokens: 100, slots: slots + 4 }),
      }),
    ),
    // The store has one lane of a name.
    [...new Map(drawn.map((lane) => [lane.key, lane])).values()],
    {
      modelGroups: new Map([[MODEL, [MODEL]]]),
      tenants: new Map(
        TENANTS.map((id, index) => [id, { weight: 1, virtualTokens: draw.charged[index] ?? 0 }]),
      ),
      policy: CONTENDED_POLICY,
    },
  );
});
