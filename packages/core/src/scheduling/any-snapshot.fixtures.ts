import {
  array,
  boolean,
  constantFrom,
  integer,
  option,
  record,
  subarray,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { ENDPOINTS } from '../backend/inference-backend.ts';
import { JOB_CLASSES } from '../job/state.ts';
import { TYPICAL_CLOUD } from '../prediction/cloud-latency.ts';
import { RTX_4090 } from '../prediction/engine-profile.ts';
import { outputLengthKey } from '../prediction/output-length.ts';
import type { BackendHealth, BackendView, FreshJob, JobView, Snapshot } from './snapshot.ts';
import {
  aBackend,
  aJob,
  aLane,
  aSnapshot,
  backendId,
  NOW_MS,
  POLICY,
  tenantId,
} from './snapshot.fixtures.ts';
import { ROUTING_STRATEGIES } from './strategy.ts';

const MODELS = ['small', 'large', 'cloud'] as const;
const GROUPS = new Map([
  ['small', ['small']],
  ['best', ['large', 'small', 'cloud']],
  ['cloud', ['cloud']],
  ['forgotten', []],
]);
const BACKENDS = ['b-0', 'b-1', 'b-2', 'b-3'] as const;

/** Any of the properties, and not the others. */
const someOf = <All extends object>(all: All): Arbitrary<Partial<All>> =>
  subarray(Object.keys(all) as (keyof All)[]).map(
    (kept) => Object.fromEntries(kept.map((name) => [name, all[name]])) as Partial<All>,
  );

const healths: Arbitrary<BackendHealth> = constantFrom(
  { kind: 'up' },
  { kind: 'up' },
  { kind: 'down', forMs: 5000, because: 'no heartbeat' },
  { kind: 'down', forMs: 60_000, because: 'no heartbeat' },
);

const backends: Arbitrary<BackendView> = record({
  location: constantFrom('local', 'local', 'cloud'),
  models: subarray([...MODELS], { minLength: 1 }),
  endpoints: subarray([...ENDPOINTS], { minLength: 1 }),
  health: healths,
  slots: integer({ min: 0, max: 5 }),
  held: integer({ min: 0, max: 6 }),
  heldTokens: integer({ min: 0, max: 3000 }),
  suspects: constantFrom(0, 0, 0, 1),
  profile: constantFrom(undefined, RTX_4090, { ...RTX_4090, samples: 80 }, { ...RTX_4090, samples: 80 }),
  telemetryAgeMs: constantFrom(0, 0, 0, 60_000),
  coolingUntilMs: constantFrom(0, 0, 0, NOW_MS + 1000),
  limits: record({
    kvCapacityTokens: constantFrom(500, 2000, 10_000),
    contextTokens: constantFrom(400, 4096),
    price: record({
      inputUsdPerMillion: integer({ max: 10, min: 0 }),
      outputUsdPerMillion: constantFrom(1, 5),
    }),
    rateLimit: record({ requestsLeft: constantFrom(0, 1, 3), tokensLeft: constantFrom(200, 5000) }),
    pinnedDue: record({
      atMs: constantFrom(NOW_MS - 1, NOW_MS + 3000, NOW_MS + 90_000),
      tenantId: constantFrom(tenantId('t-0'), tenantId('t-1')),
    }),
    prefillBusyUntilMs: constantFrom(NOW_MS - 1, NOW_MS + 3000),
    latency: constantFrom(TYPICAL_CLOUD, { ...TYPICAL_CLOUD, perTokenMs: 100 }),
  }).chain(someOf),
}).map(({ limits, profile, ...backend }) =>
  aBackend('', {
    ...backend,
    ...limits,
    ...(profile !== undefined && { profile }),
    heldTokens: backend.held === 0 ? 0 : backend.heldTokens,
  }),
);

const jobViews: Arbitrary<Partial<JobView>> = record({
  endpoint: constantFrom(...ENDPOINTS),
  strategy: constantFrom('auto', 'auto', 'auto', ...ROUTING_STRATEGIES),
  submittedAtMs: constantFrom(NOW_MS - 1000, NOW_MS - 20_000, NOW_MS - 200_000, NOW_MS - 50_000_000),
  deadlineAtMs: constantFrom(NOW_MS + 1, NOW_MS + 2, NOW_MS + 8000, NOW_MS + 300_000),
  prefix: constantFrom([], [1], [1, 2], [3]),
  task: constantFrom('chat', 'json'),
  inputTokens: constantFrom(10, 100, 1000, 20_000),
  outputTokens: constantFrom(0, 50, 400),
  rescues: constantFrom(0, 0, 1, 2),
  excluded: subarray(BACKENDS.map(backendId), { maxLength: 2 }),
  bounds: option(
    record({ minQuality: constantFrom(0.5, 0.65, 0.99), maxCostUsd: constantFrom(0, 0.001, 1) }).chain(
      someOf,
    ),
    { nil: {} },
  ),
}).map(({ bounds, ...job }) => ({ ...job, ...bounds }));

const laneViews = record({
  jobClass: constantFrom(...JOB_CLASSES),
  modelGroup: constantFrom(...GROUPS.keys()),
  tenantId: constantFrom(tenantId('t-0'), tenantId('t-1'), tenantId('t-2')),
  pinned: boolean(),
  behind: constantFrom(0, 0, 5, 50),
  head: array(jobViews, { minLength: 1, maxLength: 6 }),
});

export const snapshots: Arbitrary<Snapshot> = record({
  backends: array(backends, { maxLength: BACKENDS.length }),
  lanes: array(laneViews, { maxLength: 5 }),
  overflowing: subarray([...GROUPS.keys()]),
  weights: tuple(constantFrom(1, 2, 10), constantFrom(1, 2, 10)),
  charged: tuple(integer({ min: 0, max: 1000 }), integer({ min: 0, max: 1000 })),
  mode: constantFrom('depth', 'slack', 'slack', 'slack', 'off'),
  budgets: array(
    record({
      leftUsd: constantFrom(0, 0.0005, 0.01, 1),
      backendId: option(constantFrom(...BACKENDS.map(backendId)), { nil: undefined }),
      tenantId: option(constantFrom(tenantId('t-0'), tenantId('t-1')), { nil: undefined }),
    }),
    { maxLength: 2 },
  ),
  learned: boolean(),
  localDownAfterMs: option(constantFrom(20_000), { nil: 0 }),
  kvHeadroom: constantFrom(0.5, 0.95, 1),
  kvDeviations: constantFrom(0, 1),
}).map((draw) => {
  let number = 0;
  const lanes = draw.lanes.map(({ head, behind, ...lane }) =>
    aLane(
      head.map((job) => aJob((number += 1), job)),
      { ...lane, depth: head.length + behind },
    ),
  );
  return aSnapshot(
    draw.backends.map((backend, index) => ({ ...backend, id: backendId(BACKENDS[index] ?? '') })),
    // The store has one lane of a name.
    [...new Map(lanes.map((lane) => [lane.key, lane])).values()],
    {
      fresh: lanes.flatMap((lane): readonly FreshJob[] =>
        lane.pinned || lane.jobClass === 'batch'
          ? []
          : [
              ...lane.head.slice(-1).map((job) => ({ laneKey: lane.key, job, ahead: lane.head.length - 1 })),
              { laneKey: lane.key, job: aJob((number += 1)), ahead: lane.depth - 1 },
            ],
      ),
      modelGroups: GROUPS,
      overflowing: new Map(draw.overflowing.map((group) => [group, 1])),
      outputLengths: draw.learned
        ? new Map([[outputLengthKey('*', 'best', '*'), { p50: 100, p90: 300, mean: 140, samples: 50 }]])
        : new Map(),
      prefixes: { matchedBlocks: (id, prefix) => (id === 'b-0' ? Math.min(1, prefix.length) : 0) },
      budgets: draw.budgets.map(({ leftUsd, backendId: whose, tenantId: spender }, index) => ({
        name: `budget-${index}`,
        leftUsd,
        ...(whose !== undefined && { backendId: whose }),
        ...(spender !== undefined && { tenantId: spender }),
      })),
      tenants: new Map(
        draw.weights.map((weight, index) => [
          tenantId(`t-${index}`),
          { weight, virtualTokens: draw.charged[index] ?? 0 },
        ]),
      ),
      policy: {
        ...POLICY,
        kvHeadroom: draw.kvHeadroom,
        kvDeviations: draw.kvDeviations,
        overflow: { ...POLICY.overflow, mode: draw.mode, localDownAfterMs: draw.localDownAfterMs },
      },
    },
  );
});
