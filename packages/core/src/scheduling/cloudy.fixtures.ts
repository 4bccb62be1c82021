import { type Arbitrary, array, boolean, constantFrom, integer, option, record } from 'fast-check';
import { TENANTS } from './contended.fixtures.ts';
import type { BudgetView, Snapshot } from './snapshot.ts';
import {
  aBackend,
  aCloud,
  aJob,
  aLane,
  aSnapshot,
  backendId,
  NOW_MS,
  overflowPolicy,
} from './snapshot.fixtures.ts';

const CLOUDS = ['cloud-0', 'cloud-1', 'cloud-2'] as const;

const clouds = record({
  slots: integer({ min: 1, max: 6 }),
  usdPerMillion: constantFrom(undefined, 0, 1, 1, 1, 5),
  limits: option(
    record({ requestsLeft: integer({ min: 0, max: 4 }), tokensLeft: constantFrom(100, 400, 1000) }),
    { nil: undefined },
  ),
});

const jobViews = record({
  strategy: constantFrom('auto', 'auto', 'fast', 'cloud_only', 'self_hosted_only'),
  inputTokens: constantFrom(50, 100, 300),
  outputTokens: constantFrom(0, 50, 200),
  leftMs: constantFrom(500, 5000, 60_000),
  cap: constantFrom(undefined, undefined, undefined, 0, 0.0001, 0.0005),
});

const lanes = record({
  jobClass: constantFrom('interactive', 'standard'),
  tenantId: constantFrom(...TENANTS),
  pinned: constantFrom(false, false, true),
  head: array(jobViews, { minLength: 1, maxLength: 5 }),
});

/** A job of these costs between nothing and some 0.0025 dollars. */
const budgets = array(
  record({
    leftUsd: constantFrom(0, 0.0005, 0.001, 0.001, 0.003),
    backendId: option(constantFrom(...CLOUDS.map(backendId)), { nil: undefined }),
    tenantId: option(constantFrom(...TENANTS), { nil: undefined }),
  }),
  { maxLength: 3 },
);

/** Jobs of which many may or must leave, and clouds, providers' limits and budgets that soon have no more for them. */
export const cloudy: Arbitrary<Snapshot> = record({
  clouds: array(clouds, { minLength: 1, maxLength: CLOUDS.length }),
  hasGpu: boolean(),
  lanes: array(lanes, { minLength: 1, maxLength: 5 }),
  budgets,
}).map((draw) => {
  let number = 0;
  const drawn = draw.lanes.map(({ head, ...lane }) =>
    aLane(
      head.map(({ leftMs, cap, ...job }) =>
        aJob((number += 1), {
          ...job,
          deadlineAtMs: NOW_MS + leftMs,
          ...(cap !== undefined && { maxCostUsd: cap }),
        }),
      ),
      lane,
    ),
  );
  return aSnapshot(
    [
      ...(draw.hasGpu ? [aBackend('gpu-0', { held: 3 })] : []),
      ...draw.clouds.map(({ slots, usdPerMillion, limits }, index) => {
        const { price: _unknown, ...unpriced } = aCloud(CLOUDS[index] ?? '', { slots });
        return {
          ...unpriced,
          ...(usdPerMillion !== undefined && {
            price: { inputUsdPerMillion: usdPerMillion, outputUsdPerMillion: 2 * usdPerMillion },
          }),
          ...(limits !== undefined && { rateLimit: limits }),
        };
      }),
    ],
    // The store has one lane of a name.
    [...new Map(drawn.map((lane) => [lane.key, lane])).values()],
    {
      budgets: draw.budgets.map(({ leftUsd, backendId: id, tenantId: spender }, index): BudgetView => ({
        name: `budget-${index}`,
        leftUsd,
        ...(id !== undefined && { backendId: id }),
        ...(spender !== undefined && { tenantId: spender }),
      })),
      policy: overflowPolicy({ mode: 'depth', enter: 0, leave: 0 }),
    },
  );
});
