import { createRandom, type Random } from '../../src/random.ts';
import { planLine, spoilLines } from './plan-lines.ts';
import type { BatchCourse, PlannedBatch } from './planned-batch.ts';
import type { PlannedHook } from './planned-job.ts';

export interface BatchPlanOptions {
  /** What happens to each. The first is the largest and tells a webhook; the others do by chance. */
  readonly courses: readonly BatchCourse['kind'][];
  readonly leastLines: number;
  readonly mostLines: number;
  /** Of the load, in ms: batches come in its first third. */
  readonly lengthMs: number;
  /** Two or more. */
  readonly tenants: number;
}

/** The batches of one run by its seed, in the order of their submission. */
export function planBatches(seed: number, options: BatchPlanOptions): readonly PlannedBatch[] {
  const random = createRandom(seed ^ 0x0ba7_c4e5);
  return options.courses
    .map((kind, index) => planBatch(random, `chaos-${seed}-batch-${index}`, kind, index, options))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** Pinned, each of some 140 tokens: more than the slots of the local backend answer in a minute, had they nothing else. */
const EXPIRING_LINES = 750;
const INVALID_LINES = 120;

function planBatch(
  random: Random,
  key: string,
  kind: BatchCourse['kind'],
  index: number,
  { leastLines, mostLines, lengthMs, tenants }: BatchPlanOptions,
): PlannedBatch {
  const isFirst = index === 0;
  const isLong = isFirst || kind === 'expiring';
  const count = {
    plain: isFirst ? mostLines : random.whole(leastLines, Math.ceil(mostLines / 4)),
    paused: random.whole(leastLines, Math.ceil(mostLines / 2)),
    cancelled: random.whole(leastLines, mostLines),
    expiring: EXPIRING_LINES,
    invalid: Math.min(INVALID_LINES, leastLines),
  }[kind];
  const privacy = kind === 'expiring' ? 'local_only' : 'auto';
  const lines = Array.from({ length: count }, (_, line) =>
    planLine(random, key, line, kind === 'expiring' ? 'long' : 'mixed'),
  );
  const { course, lines: sent } = planCourse(random, kind, lines, lengthMs);
  const hook = isFirst || random.chance(0.6) ? planHook(random) : undefined;
  return {
    key,
    // what takes long comes first, and is one tenant's: those of the others end while faults strike
    tenant: isLong ? 0 : 1 + (index % (tenants - 1)),
    atMs: isLong ? random.whole(0, 1_500) : random.whole(0, Math.floor(lengthMs / 3)),
    course,
    completionWindow: kind === 'expiring' ? '1m' : '24h',
    privacy,
    lines: sent,
    ...(hook && { hook }),
  };
}

function planCourse(
  random: Random,
  kind: BatchCourse['kind'],
  lines: PlannedBatch['lines'],
  lengthMs: number,
): { readonly course: BatchCourse; readonly lines: PlannedBatch['lines'] } {
  switch (kind) {
    case 'plain':
    case 'expiring':
      return { course: { kind }, lines };
    case 'cancelled':
      return { course: { kind, afterMs: random.whole(0, Math.floor(lengthMs / 3)) }, lines };
    case 'paused': {
      const forMs = random.whole(Math.floor(lengthMs / 6), Math.floor(lengthMs / 3));
      return { course: { kind, afterMs: random.whole(0, Math.floor(lengthMs / 6)), forMs }, lines };
    }
    case 'invalid': {
      const spoilt = spoilLines(random, lines);
      return { course: { kind, mistakes: spoilt.mistakes }, lines: spoilt.lines };
    }
  }
}

const planHook = (random: Random): PlannedHook => ({
  reception: random.chance(0.8) ? 'good' : 'fails-first',
  ownSecret: random.chance(0.5),
});
