import type { JobId } from '../id/id.ts';
import type { BackendId, TenantId } from '../id/name.ts';
import type { FilterContext } from './filters/filter.ts';
import {
  type BackendView,
  DEFAULT_POLICY,
  type JobView,
  type LaneView,
  type SchedulingPolicy,
  type Snapshot,
} from './snapshot.ts';

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
  queuedAtMs: NOW_MS - 1000,
  deadlineAtMs: NOW_MS + 60_000,
  inputTokens: 100,
  outputTokens: 50,
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
  tenants: new Map(),
  modelGroups: new Map([[MODEL, [MODEL]]]),
  overflowing: new Set(),
  policy: DEFAULT_POLICY,
  ...changes,
});

/** The default policy with another overflow rule. */
export const overflowPolicy = (changes: Partial<SchedulingPolicy['overflow']>): SchedulingPolicy => ({
  ...DEFAULT_POLICY,
  overflow: { ...DEFAULT_POLICY.overflow, ...changes },
});

export const aContext = (changes: Partial<FilterContext> = {}): FilterContext => ({
  nowMs: NOW_MS,
  policy: DEFAULT_POLICY,
  lane: aLane([]),
  overflow: { open: true, because: 'many wait' },
  ...changes,
});
