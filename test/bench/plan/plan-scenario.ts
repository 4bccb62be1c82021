import {
  type BackendId,
  type BackendView,
  createPrefixIndex,
  DEFAULT_POLICY,
  type FreshJob,
  type JobClass,
  JOB_CLASSES,
  type JobId,
  type JobView,
  type LaneView,
  learnOutputLength,
  type OutputLength,
  outputLengthKey,
  RTX_4090,
  type Snapshot,
  type TenantId,
} from '@spillway/core';

/** A moment of a cell, as the store's snapshot shows it to the plan. */
export interface PlanScenario {
  readonly jobs: number;
  readonly tenants: number;
  /** Lanes of a tenant, on average, 1 to 3: one for each class it uses. */
  readonly lanesPerTenant: 1 | 2 | 3;
  readonly workers: number;
  /** Free slots of all workers together. */
  readonly freeSlots: number;
  /** Jobs that came since the last plan. */
  readonly fresh: number;
}

const MODEL = 'small';
const NOW_MS = 1_800_000_000_000;
const SLOTS = 48;
const CLOUD_SLOTS = 1000;
const MOST_OF_LANE = 128;
const DEADLINE_MS: Readonly<Record<JobClass, number>> = {
  interactive: 30_000,
  standard: 300_000,
  batch: 86_400_000,
};

/** The snapshot of a scenario; the same one for the same scenario. */
export function buildScenario(scenario: PlanScenario): Snapshot {
  const random = seededRandom(1);
  const lanes = lanesOf(scenario, random);
  const waiting = lanes.filter(({ jobClass }) => jobClass !== 'batch');
  const fresh = Array.from({ length: scenario.fresh }, (_, index): FreshJob | undefined => {
    const lane = waiting[(index * 7) % waiting.length];
    const job = lane?.head.at(-1);
    return lane && job && { laneKey: lane.key, job, ahead: lane.head.length - 1 };
  }).filter((job) => job !== undefined);
  const tenants = new Map(
    lanes.map(({ tenantId }) => [tenantId, { weight: 1, virtualTokens: Math.floor(1e6 * random()) }]),
  );
  return {
    nowMs: NOW_MS,
    backends: [...workersOf(scenario), CLOUD],
    lanes,
    fresh,
    tenants,
    modelGroups: new Map([[MODEL, [MODEL]]]),
    outputLengths: new Map([[outputLengthKey('*', MODEL, '*'), learnedLength(random)]]),
    prefixes: createPrefixIndex(),
    budgets: [],
    overflowing: new Map(),
    policy: DEFAULT_POLICY,
  };
}

/** Who waits for a short while is not alone, but most of a long queue is work that has time. */
const DEPTH_OF: Readonly<Record<Exclude<JobClass, 'batch'>, number>> = { interactive: 1, standard: 3 };

function lanesOf(scenario: PlanScenario, random: () => number): readonly LaneView[] {
  const names = Array.from({ length: scenario.tenants }, (_, tenant) =>
    classesOf(tenant, scenario.lanesPerTenant).map((jobClass) => ({ tenant, jobClass })),
  ).flat();
  const urgent = names.reduce(
    (sum, { jobClass }) => sum + (jobClass === 'batch' ? 0 : DEPTH_OF[jobClass]),
    0,
  );
  const batches = names.filter(({ jobClass }) => jobClass === 'batch').length;
  const ofBatch = Math.max(1, Math.round((scenario.jobs - urgent) / batches));
  return names.map(({ tenant, jobClass }) => {
    const depth = jobClass === 'batch' ? ofBatch : DEPTH_OF[jobClass];
    const seen = Math.min(depth, wantedOf(jobClass, scenario.freeSlots, names.length));
    const head = Array.from({ length: seen }, () => jobOf(jobClass, random));
    const inputTokens = head.reduce((sum, job) => sum + job.inputTokens, 0);
    const tenantId = `tenant-${tenant}` as TenantId;
    return {
      key: `${jobClass}:${MODEL}:${tenantId}:open`,
      jobClass,
      modelGroup: MODEL,
      tenantId,
      pinned: false,
      depth,
      inputTokens: Math.round((inputTokens / seen) * depth),
      head,
    };
  });
}

/** As the store reads lanes: twice what could be assigned, spread over them, and of batch work what may begin alike. */
function wantedOf(jobClass: JobClass, freeSlots: number, lanes: number): number {
  const share = Math.min(freeSlots + 1, 1 + Math.ceil((2 * freeSlots) / lanes), MOST_OF_LANE);
  const alike =
    jobClass === 'batch' && freeSlots > 0 ? (2 * DEFAULT_POLICY.groupRun * 8) / Math.max(8, lanes) : 0;
  return share + Math.floor(alike);
}

/** One class each; one, two or three; all of them. */
function classesOf(tenant: number, lanesPerTenant: number): readonly JobClass[] {
  const turned = JOB_CLASSES.map((_, index) => JOB_CLASSES[(tenant + index) % 3] ?? 'batch');
  return turned.slice(0, lanesPerTenant === 2 ? 1 + (Math.floor(tenant / 3) % 3) : lanesPerTenant);
}

let jobsMade = 0;

function jobOf(jobClass: JobClass, random: () => number): JobView {
  jobsMade += 1;
  const submittedAtMs = NOW_MS - random() * 0.05 * DEADLINE_MS[jobClass];
  return {
    id: `job_${String(jobsMade).padStart(26, '0')}` as JobId,
    fence: 0,
    endpoint: '/v1/chat/completions',
    strategy: 'auto',
    task: '*',
    submittedAtMs,
    queuedAtMs: submittedAtMs,
    deadlineAtMs: submittedAtMs + DEADLINE_MS[jobClass],
    inputTokens: 200 + Math.floor(2000 * random()),
    outputTokens: 512,
    prefix: Array.from({ length: 4 }, () => Math.floor(2 ** 40 * random())),
    rescues: 0,
    excluded: [],
  };
}

/** Free slots stand on as few workers as can be: most of a busy cell is full. */
function workersOf({ workers, freeSlots }: PlanScenario): readonly BackendView[] {
  let left = freeSlots;
  const spread = freeSlots < workers ? 1 : Math.ceil(freeSlots / workers);
  return Array.from({ length: workers }, (_, index) => {
    const free = Math.min(left, spread, SLOTS);
    left -= free;
    return {
      ...IDLE,
      id: `gpu-${String(index).padStart(3, '0')}` as BackendId,
      held: SLOTS - free,
      heldTokens: (SLOTS - free) * 1300,
    };
  });
}

const IDLE = {
  location: 'local',
  models: [MODEL],
  endpoints: ['/v1/chat/completions'],
  health: { kind: 'up' },
  slots: SLOTS,
  suspects: 0,
  coolingUntilMs: 0,
  kvCapacityTokens: 100_000,
  contextTokens: 32_768,
  profile: { ...RTX_4090, samples: 1000 },
  telemetryAgeMs: 500,
} as const satisfies Partial<BackendView>;

const CLOUD: BackendView = {
  id: 'cloud-0' as BackendId,
  location: 'cloud',
  models: [MODEL],
  endpoints: ['/v1/chat/completions'],
  health: { kind: 'up' },
  slots: CLOUD_SLOTS,
  held: 10,
  heldTokens: 10_000,
  suspects: 0,
  coolingUntilMs: 0,
  price: { inputUsdPerMillion: 0.15, outputUsdPerMillion: 0.6 },
};

function learnedLength(random: () => number): OutputLength {
  let length = learnOutputLength(undefined, 100);
  for (let sample = 0; sample < 200; sample += 1) length = learnOutputLength(length, 20 + 160 * random());
  return length;
}

/** Park and Miller: what stands here is to be the same everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
