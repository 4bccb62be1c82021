import { type Config, configSchema } from '@spillway/contracts';
import type { BackendId, JobId, JobView, LaneView, TenantId } from '@spillway/core';
import type { BackendState, StoreSnapshot } from '@spillway/redis';

export const NOW_MS = 1_800_000_000_000;
export const MODEL = 'house-model';
export const acme = 'acme' as TenantId;
export const gpu = 'gpu-0' as BackendId;
export const cloud = 'cloud-0' as BackendId;

const LOCAL = { kind: 'vllm', url: 'http://127.0.0.1:1', models: { [MODEL]: MODEL } };
const CLOUD = { kind: 'openai', api_key: 'sk-test', models: { [MODEL]: 'vendor-model' } };

/** One local and one cloud backend of the same model, and whatever else a test says. */
export const aConfig = (changes: Readonly<Record<string, unknown>> = {}): Config =>
  configSchema.parse({ backends: { [gpu]: LOCAL, [cloud]: CLOUD }, ...changes });

/** Overflow by depth that begins above four waiting jobs and ends below two. */
export const LOW_OVERFLOW = { overflow: { mode: 'depth', depth: { enter: 4, leave: 2 } } };

/** Nothing overflows. */
export const NO_OVERFLOW = { overflow: { mode: 'off' } };

export const aState = (changes: Partial<BackendState> = {}): BackendState => ({
  id: gpu,
  descriptor: {
    kind: 'vllm',
    location: 'local',
    models: [MODEL],
    endpoints: ['/v1/chat/completions'],
    simulated: true,
    draining: false,
  },
  heardAtMs: NOW_MS,
  slots: 4,
  held: 0,
  heldTokens: 0,
  coolingUntilMs: 0,
  suspects: 0,
  ...changes,
});

export const aCloudState = (changes: Partial<BackendState> = {}): BackendState => {
  const { descriptor } = aState();
  const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 4 };
  return aState({
    id: cloud,
    descriptor: { ...descriptor, kind: 'openai', location: 'cloud', price },
    ...changes,
  });
};

export const aJob = (number: number, changes: Partial<JobView> = {}): JobView => ({
  id: `job_${String(number).padStart(26, '0')}` as JobId,
  fence: 0,
  rescues: 0,
  endpoint: '/v1/chat/completions',
  strategy: 'auto',
  task: '*',
  submittedAtMs: NOW_MS - 200,
  queuedAtMs: NOW_MS - 200,
  deadlineAtMs: NOW_MS + 60_000,
  inputTokens: 100,
  outputTokens: 50,
  prefix: [],
  excluded: [],
  ...changes,
});

export const aLane = (head: readonly JobView[], changes: Partial<LaneView> = {}): LaneView => ({
  key: `standard:${MODEL}:acme:open`,
  jobClass: 'standard',
  modelGroup: MODEL,
  tenantId: acme,
  pinned: false,
  depth: head.length,
  inputTokens: head.reduce((tokens, job) => tokens + job.inputTokens, 0),
  head,
  ...changes,
});

export const aStore = (changes: Partial<StoreSnapshot> = {}): StoreSnapshot => ({
  nowMs: NOW_MS,
  backends: [aState()],
  lanes: [],
  fresh: [],
  virtualTokens: new Map(),
  outputLengths: new Map(),
  overflowing: new Map(),
  unreadable: [],
  unreadableFresh: [],
  ...changes,
});
