import type { JobBody } from '@spillway/contracts';
import { idFromUuid, type JobId } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import type { FaultRecord } from '../faults/fault.ts';
import type { JobFacts, RunFacts } from '../history/facts.ts';
import type { Receipt, Refusal } from '../history/history.ts';
import type { JournalLine } from '../history/journal.ts';
import type { PlannedJob } from '../load/planned-job.ts';

const CONTENT = 'Document 1: what does paragraph 7 say?';
const DIGEST = simulatedDigest(CONTENT);
export const JOB_ID: JobId = idFromUuid('JobId', '019a7b3c-0000-7000-8000-000000000001');
const OTHER_ID: JobId = idFromUuid('JobId', '019a7b3c-0000-7000-8000-000000000002');
/** Everything of the fixtures happens around this instant. */
export const T0 = Date.parse('2026-05-01T12:00:00.000Z');
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

export const attempt = (over: Partial<JobBody['attempts'][number]> = {}): JobBody['attempts'][number] => ({
  number: 1,
  backend: 'gpu-0',
  started_at: at(1),
  finished_at: at(2),
  outcome: 'completed',
  error: null,
  ...over,
});

export const completed = (over: Partial<JobBody> = {}): JobBody => ({
  id: JOB_ID,
  object: 'job',
  status: 'completed',
  endpoint: '/v1/chat/completions',
  model: 'auto',
  class: 'standard',
  privacy: { pinned: true, findings: [] },
  batch_id: null,
  metadata: { key: 'key-1' },
  created_at: at(0),
  deadline_at: at(300),
  started_at: at(1),
  finished_at: at(2),
  queue_position: null,
  estimated_finish_at: null,
  attempts: [attempt()],
  served_by: null,
  result: { status_code: 200, body: { text: `[simulated] ${DIGEST} answers` } },
  usage: null,
  error: null,
  status_url: '/v1/jobs/1',
  cancel_url: '/v1/jobs/1/cancel',
  decisions_url: '/v1/jobs/1/decisions',
  ...over,
});

export const queued = (over: Partial<JobBody> = {}): JobBody =>
  completed({ status: 'queued', started_at: null, finished_at: null, attempts: [], result: null, ...over });

export const otherJob = (): JobBody => queued({ id: OTHER_ID });

export const cancelled = (): JobBody =>
  completed({ status: 'cancelled', finished_at: at(2), attempts: [], started_at: null, result: null });

export const receipt = (over: Partial<Receipt> = {}): Receipt & { readonly atMs: number } => ({
  atMs: T0 + 2_100,
  eventId: 'evt_1',
  subjectId: JOB_ID,
  type: 'job.completed',
  status: 'completed',
  signature: 'good',
  skewSeconds: 0,
  answered: 204,
  ...over,
});

export const refused = (over: Partial<Refusal>): JobFacts['refusals'][number] => ({
  atMs: T0,
  of: 'submit',
  refusal: {
    code: 'store-unavailable',
    detail: 'the store is away',
    status: 503,
    retryAfterMs: 1_000,
    ...over,
  },
});

const plan = (over: Partial<PlannedJob> = {}): PlannedJob => ({
  key: 'key-1',
  tenant: 0,
  atMs: 0,
  jobClass: 'standard',
  localOnly: true,
  content: CONTENT,
  digest: DIGEST,
  input: { deadline_seconds: 300, request: { model: 'auto' } },
  twice: false,
  watch: 'poll',
  hook: { reception: 'good', ownSecret: false },
  ...over,
});

/** A job that was submitted, ran once, completed and was told of; what is given differs. */
export const job = ({
  plan: planned,
  ...over
}: Partial<Omit<JobFacts, 'plan'>> & { readonly plan?: Partial<PlannedJob> } = {}): JobFacts => ({
  plan: plan(planned),
  submittedAtMs: T0 - 10,
  accepted: [{ atMs: T0, record: queued() }],
  sightings: [
    { atMs: T0, record: queued() },
    { atMs: T0 + 2_050, record: completed() },
  ],
  cancels: [],
  refusals: [refused({}), refused({ code: 'unreachable', status: undefined, retryAfterMs: undefined })],
  receipts: [receipt()],
  finals: [completed()],
  gone: [],
  ...over,
});

export const cancelledJob = (over: Partial<JobFacts> = {}): JobFacts =>
  job({
    sightings: [{ atMs: T0 + 2_010, record: cancelled() }],
    cancels: [{ atMs: T0 + 2_010, record: cancelled() }],
    receipts: [receipt({ type: 'job.cancelled', status: 'cancelled' })],
    finals: [cancelled()],
    ...over,
  });

export const line = (
  event: JournalLine['event'],
  seconds: number,
  inFlight: number,
  digest = DIGEST,
): JournalLine => ({ at: T0 + seconds * 1000, event, digests: [digest], in_flight: inFlight });

export const fault = (over: Partial<FaultRecord>): FaultRecord => ({
  number: 1,
  process: 'gpu-worker-gpu-0',
  trouble: { kind: 'stop' },
  beginsAtMs: 0,
  lastsMs: 5_000,
  pid: 4711,
  beganAtMs: T0,
  endedAtMs: T0 + 5_000,
  ...over,
});

/** What a run leaves when nothing is left behind. */
export const leftovers = (over: Partial<RunFacts['leftovers']> = {}): RunFacts['leftovers'] => ({
  counts: { live: 0, held: 0 },
  drift: [],
  processes: [],
  blobs: [],
  known: [],
  ...over,
});

/** A run in which nothing went wrong. */
export const run = (over: Partial<RunFacts> = {}): RunFacts => ({
  jobs: [job(), cancelledJob({ plan: plan({ key: 'key-2', digest: 'cccccccccccc' }) })],
  batches: [],
  faults: [fault({})],
  engine: [line('started', 0, 0), line('arrived', 1, 1), line('ended', 2, 0)],
  cloud: [],
  cap: 2,
  leftovers: leftovers(),
  crashes: [],
  unverified: [],
  rescuedBatches: 0,
  ...over,
});
