import type { JobId } from '../id/id.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import type { FilterContext } from './filters/filter.ts';
import { NO_PREFIXES } from '../affinity/prefix-lookup.ts';
import { type BackendLoad, openLoad } from './backend-load.ts';
import { DEFAULT_POLICY, type OverflowPolicy, type SchedulingPolicy } from './policy.ts';
import type { BackendView, JobView, LaneView, Snapshot } from './snapshot.ts';

/** Numbers of its own, so that a default may be tuned without a test that means something else. */
export const POLICY: SchedulingPolicy = {
  ...DEFAULT_POLICY,
  overflow: {
    mode: 'slack',
    enter: 40,
    leave: 10,
    localDownAfterMs: 20_000,
    margin: { interactive: 0.5, standard: 0.5, batch: 0.1 },
    blindBelowSamples: 50,
  },
  promotion: { interactive: 1, standard: 0.6, batch: 0.1 },
  maxWaitMs: { interactive: 15_000, standard: 150_000, batch: 43_200_000 },
  shareTolerance: 5000,
  groupRun: 16,
  pinnedGuardMs: 5000,
  kvHeadroom: 0.9,
  kvDeviations: 0,
  prefixBlockTokens: 512,
  loadBound: 1.25,
  telemetryStaleMs: 5000,
  referenceUsd: 0.001,
  quality: {},
  unknownQuality: 0.7,
  maxRescues: 3,
};

export const NOW_MS = 1_000_000;
export const MODEL = 'llama3.2:3b';

export const backendId = (name: string): BackendId => name as BackendId;
export const tenantId = (name: string): TenantId => name as TenantId;
/** Ids sort by number. */
export const jobId = (number: number): JobId => `job_${String(number).padStart(26, '0')}` as JobId;

/** A healthy idle local backend with four slots and no other limit. */
export const aBackend = (name: string, changes: Partial<BackendView> = {}): BackendView => ({
  id: backendId(name),
  location: 'local',
  models: [MODEL],
  endpoints: ['/v1/chat/completions'],
  health: { kind: 'up' },
  slots: 4,
  held: 0,
  heldTokens: 0,
  suspects: 0,
  coolingUntilMs: 0,
  ...changes,
});

/** The backend as a plan begins with it. */
export const aLoad = (name: string, changes: Partial<BackendView> = {}): BackendLoad =>
  openLoad(aBackend(name, changes), POLICY);

export const aCloud = (name: string, changes: Partial<BackendView> = {}): BackendView =>
  aBackend(name, {
    location: 'cloud',
    price: { inputUsdPerMillion: 0.25, outputUsdPerMillion: 2 },
    ...changes,
  });

/** A job of 100 prompt and 50 answer tokens, due in a minute. */
export const aJob = (number: number, changes: Partial<JobView> = {}): JobView => ({
  id: jobId(number),
  fence: 0,
  endpoint: '/v1/chat/completions',
  strategy: 'auto',
  task: 'chat',
  submittedAtMs: NOW_MS - 1000,
  queuedAtMs: NOW_MS - 1000,
  deadlineAtMs: NOW_MS + 60_000,
  inputTokens: 100,
  outputTokens: 50,
  prefix: [],
  rescues: 0,
  excluded: [],
  ...changes,
});

/** Jobs numbered from `first`, all alike. */
export const jobs = (count: number, first = 1, changes: Partial<JobView> = {}): readonly JobView[] =>
  Array.from({ length: count }, (_, index) => aJob(first + index, changes));

/** A lane whose head is all of it, unless a greater depth is given. */
export const aLane = (head: readonly JobView[], changes: Partial<LaneView> = {}): LaneView => {
  const lane = {
    jobClass: 'standard',
    modelGroup: MODEL,
    tenantId: tenantId('acme'),
    pinned: false,
    depth: head.length,
    inputTokens: head.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    head,
    ...changes,
  } as const;
  const { jobClass, modelGroup, pinned } = lane;
  return { key: `${jobClass}:${modelGroup}:${lane.tenantId}:${pinned ? 'pinned' : 'open'}`, ...lane };
};

export const aSnapshot = (
  backends: readonly BackendView[],
  lanes: readonly LaneView[],
  changes: Partial<Snapshot> = {},
): Snapshot => ({
  nowMs: NOW_MS,
  backends,
  lanes,
  fresh: [],
  tenants: new Map(),
  modelGroups: new Map([[MODEL, [MODEL]]]),
  outputLengths: new Map(),
  prefixes: NO_PREFIXES,
  budgets: [],
  overflowing: new Map(),
  policy: POLICY,
  ...changes,
});

/** The policy of these tests with another overflow rule. */
export const overflowPolicy = (changes: Partial<OverflowPolicy>): SchedulingPolicy => ({
  ...POLICY,
  overflow: { ...POLICY.overflow, ...changes },
});

export const aContext = (changes: Partial<FilterContext> = {}): FilterContext => ({
  nowMs: NOW_MS,
  policy: POLICY,
  lane: aLane([]),
  models: [MODEL],
  overflow: { open: true, trigger: 'depth', because: () => 'many wait' },
  output: { p50: 50, p90: 50, mean: 50, samples: 100 },
  virtualTokens: 0,
  shareTolerance: POLICY.shareTolerance,
  chargedBefore: () => 0,
  budgets: [],
  ...changes,
});
