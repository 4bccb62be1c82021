import type { CreateJobInput, EventType } from '@spillway/contracts';
import { JOB_CLASSES } from '@spillway/core';
import { simulatedDigest } from '@spillway/engine-sim';
import { createRandom, type Random } from '../../src/random.ts';
import type { PlannedHook, PlannedJob } from './planned-job.ts';

export interface LoadPlanOptions {
  readonly jobs: number;
  readonly lengthMs: number;
  readonly tenants: number;
}

/** The jobs of one run by its seed, in the order of their submission, each with a text of its own. */
export function planLoad(seed: number, options: LoadPlanOptions): readonly PlannedJob[] {
  const random = createRandom(seed ^ 0x10ad);
  return Array.from({ length: options.jobs }, (_, index) => planJob(random, seed, index, options)).toSorted(
    (a, b) => a.atMs - b.atMs,
  );
}

const EVENT_CHOICES: readonly (readonly EventType[])[] = [
  ['job.completed'],
  ['job.completed', 'job.failed', 'job.expired'],
  ['job.cancelled'],
];
const RECEPTIONS = ['fails-first', 'slow-first', 'drops-first'] as const;

function planJob(
  random: Random,
  seed: number,
  index: number,
  { lengthMs, tenants }: LoadPlanOptions,
): PlannedJob {
  const key = `chaos-${seed}-${index}`;
  const manner = random.next();
  const fails = manner < 0.05 ? 'once' : manner < 0.065 ? 'always' : undefined;
  const content = `Document ${index} of run ${seed}: what does paragraph ${random.whole(1, 900)} say?`;
  const jobClass = random.pick(JOB_CLASSES);
  const localOnly = random.chance(0.25);
  const hook = random.chance(0.6) ? planHook(random) : undefined;
  return {
    key,
    tenant: random.whole(0, tenants - 1),
    atMs: random.whole(0, lengthMs),
    jobClass,
    localOnly,
    content,
    digest: simulatedDigest(content),
    input: {
      class: jobClass,
      privacy: localOnly ? 'local_only' : 'public',
      strategy: !localOnly && random.chance(0.08) ? 'cloud_only' : 'auto',
      attempt_timeout_seconds: random.whole(8, 12),
      ...planClocks(random),
      metadata: { key },
      request: {
        model: 'auto',
        max_tokens: random.whole(8, 90),
        messages: [{ role: 'user', content }],
      },
    },
    ...(fails && { fails }),
    twice: random.chance(0.06),
    watch: random.pick(['long-poll', 'long-poll', 'poll', 'not-at-all']),
    ...(random.chance(0.08) && { againAfterMs: random.whole(0, 8_000) }),
    ...(random.chance(0.14) && { cancelAfterMs: planCancel(random) }),
    ...(hook && { hook }),
  };
}

/** Mostly a life long enough for every fault of a run; some jobs are in a hurry and may expire. */
function planClocks(random: Random): Pick<CreateJobInput, 'deadline_seconds' | 'start_within_seconds'> {
  const hurry = random.next();
  if (hurry < 0.05) return { deadline_seconds: random.whole(2, 8) };
  if (hurry < 0.1) return { deadline_seconds: 180, start_within_seconds: random.whole(1, 5) };
  return { deadline_seconds: random.whole(150, 240) };
}

/** Most cancels race with dispatch, claim and settle. */
const planCancel = (random: Random): number =>
  random.chance(0.7) ? random.whole(0, 900) : random.whole(900, 9_000);

const planHook = (random: Random): PlannedHook => ({
  reception: random.chance(0.88) ? 'good' : random.pick(RECEPTIONS),
  ownSecret: random.chance(0.5),
  ...(random.chance(0.2) && { events: random.pick(EVENT_CHOICES) }),
});
